import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { reasonOf } from '../test/guest-programs.ts';
import { me } from '../test/host-guest.ts';
import { scratchDirectory } from '../test/scratch.ts';
import { files } from './files.ts';

type Files = NonNullable<Parameters<typeof reasonOf>[1]['files']>;

/** A directory with a file, a link to it, and one to nowhere; and how promises about them are broken. */
async function setUp() {
  const path = await scratchDirectory();
  await writeFile(join(path, "it's here"), 'one\ntwo\n');
  await chmod(join(path, "it's here"), 0o640);
  await mkdir(join(path, 'directory'), { mode: 0o755 });
  await symlink("it's here", join(path, 'link'));
  await symlink('nowhere', join(path, 'dangling'));
  return async (promised: Files) =>
    (
      await reasonOf(files, {
        files: Object.fromEntries(Object.entries(promised).map(([name, one]) => [join(path, name), one])),
      })
    ).replaceAll(`${path}/`, '');
}

it('passes where each is as promised', async () => {
  const reason = await setUp();
  expect(
    await reason({
      "it's here": { type: 'file', mode: '0640', owner: me, content: 'one\ntwo', matches: '^two$' },
      directory: { type: 'directory', mode: '755' },
      link: { type: 'link', content: 'one\ntwo\n' },
      absent: null,
    }),
  ).toBe('');
  expect(await reason({ '../../proc/sys': {} })).toBe('');
});

it('tells each promise that is broken', async () => {
  const reason = await setUp();
  expect(
    await reason({
      "it's here": { type: 'directory', mode: '600', owner: 'nobody', content: 'one', matches: '^three$' },
      directory: null,
      absent: {},
      dangling: {},
    }),
  ).toBe(
    [
      "expected the type of it's here to be directory, got file",
      "expected the mode of it's here to be 600, got 640",
      `expected the owner of it's here to be nobody, got ${me}`,
      `expected it's here to hold "one", got "one\\ntwo"`,
      `expected it's here to match /^three$/, got "one\\ntwo"`,
      'expected no directory, got one',
      'expected absent, got none',
      'expected dangling, got a link to what is not there: nowhere',
    ].join('; '),
  );
});

it('tells what root can write to', async () => {
  expect(await (await setUp())({ directory: { readOnly: true } })).toBe(
    'expected directory to be read-only, got one that root can write to',
  );
  expect(await reasonOf(files, { files: { '/proc/version': { readOnly: true } } })).toMatch(
    me === 'root' ? /root can write|^$/ : /^$/,
  );
});
