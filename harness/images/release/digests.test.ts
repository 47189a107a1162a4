import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { directory } from '../../../test/images.ts';
import { isDigestList } from './digest-list.ts';
import { checkDigests } from './digests.ts';

const digestOf = async (path: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
const of = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What is wrong with a release of these files, `<what>: <expected> / <got>`. */
async function faults(files: Record<string, string>, isWhole = true): Promise<string[]> {
  const root = await directory();
  const paths = Object.keys(files).map((name) => join(root, name));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), content);
  }
  const release = { directory: root, images: [], lists: paths.filter(isDigestList), files: paths, isWhole };
  const finding = await checkDigests(release, digestOf);
  if (finding.faults.length === 0) expect(finding.told.length).toBeGreaterThan(0);
  return finding.faults.map(({ action, expected, got }) => `${action}: ${expected} / ${got}`);
}

test('the layout of a build, with the list above the file that it names, and that of a download', async () => {
  const line = `${of('iso')}  nixos.iso\n`;
  const built = { 'iso/nixos.iso': 'iso', 'iso/nixos.iso.sha256': line, SHA256SUMS: line };
  expect(await faults(built)).toEqual([]);
  expect(await faults({ ...built, SHA256SUMS: `${of('iso')} *iso/nixos.iso\n` })).toEqual([]);
  expect(await faults({ 'nixos.iso': 'iso', 'nixos.iso.sha256': of('iso'), SHA256SUMS: line })).toEqual([]);
});

test('other bytes than the list says', async () => {
  expect(await faults({ 'a.iso': 'iso', 'a.iso.sha256': `${of('old')}  a.iso\n` })).toEqual([
    `sha256sum a.iso: ${of('old')}, as a.iso.sha256 says / ${of('iso')}`,
  ]);
});

test('a file that is not there; who gave one file of a release need not have the others', async () => {
  const files = { 'a.iso': 'iso', SHA256SUMS: `${of('iso')}  a.iso\n${of('b')}  b.iso\n` };
  expect(await faults(files)).toEqual([
    'SHA256SUMS, line 2: the file b.iso that it names / none of that name',
  ]);
  expect(await faults(files, false)).toEqual([]);
});

test('a name that means another file elsewhere', async () => {
  const problem = 'the name of a file beside the list';
  const names = ['/nix/store/x/a.iso', '../a.iso', 'iso/../../a.iso'];
  const lines = names.map((name) => `${of('iso')}  ${name}\n`);
  expect(await faults({ 'a.iso': 'iso', SHA256SUMS: lines.join('') })).toEqual(
    names.map((name, index) => `SHA256SUMS, line ${index + 1}: ${problem} / ${name}`),
  );
  const twice = { 'a/x.iso': '1', 'b/x.iso': '1', SHA256SUMS: `${of('1')}  x.iso` };
  expect(await faults(twice)).toEqual(['SHA256SUMS, line 1: the file x.iso that it names / 2 of that name']);
});

test('a list that says nothing of its file', async () => {
  expect(await faults({ 'a.iso': 'iso', 'b.iso': 'b', 'a.iso.sha256': `${of('b')}  b.iso\n` })).toEqual([
    'a.iso.sha256: the digest of a.iso / none of that name',
  ]);
  expect(await faults({ 'a.iso': 'iso', 'a.iso.sha256': '\n' })).toEqual([
    'a.iso.sha256: SHA-256 digests, one a line / none',
  ]);
  expect(await faults({ 'a.iso': 'iso', SHA256SUMS: `${of('iso')}\nsha256:xyz\n` })).toEqual([
    'SHA256SUMS, line 1: `DIGEST  NAME` / a digest alone',
    'SHA256SUMS, line 2: `DIGEST  NAME` / sha256:xyz',
  ]);
  const long = await faults({ 'a.iso': 'iso', SHA256SUMS: ' '.repeat((1 << 20) + 1) });
  expect(long).toEqual([expect.stringMatching(/more than 1048576 bytes$/)]);
});
