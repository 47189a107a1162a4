import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { expect, it } from 'vitest';
import { reasonOf } from '../test/guest-programs.ts';
import { scratchDirectory } from '../test/scratch.ts';
import { console } from './console.ts';

/** A process that was started as NixOS starts kmscon, with this configuration, while `work` runs. */
async function withKmscon<Result>(configuration: string, work: () => Promise<Result>): Promise<Result> {
  const directory = await scratchDirectory();
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'kmscon.conf'), configuration);
  const process = spawn('sh', ['-c', 'echo up; read line', 'kmscon', '--configdir', directory]);
  try {
    await new Promise((resolve) => process.stdout.once('data', resolve));
    return await work();
  } finally {
    process.kill();
  }
}

it.each([
  ['font-name=JetBrains Mono\n', ''],
  ['xkb-layout=ch\nfont-name=Emoji, JetBrains Mono\n', ''],
  ['font-name=monospace\n', "expected kmscon's font to be JetBrains Mono, got monospace"],
  [
    '#font-name=JetBrains Mono\n',
    "expected kmscon's font to be JetBrains Mono, got #font-name=JetBrains Mono",
  ],
])('finds the font of the kmscon that runs: %j', async (configuration, reason) => {
  const got = await withKmscon(configuration, () =>
    reasonOf(console, { console: { kmsconFont: 'JetBrains Mono' } }),
  );
  expect(got).toBe(reason);
});

it('tells that there is no kmscon', async () => {
  expect(await reasonOf(console, { console: { kmsconFont: 'JetBrains Mono' } })).toMatch(
    /^expected kmscon's font to be JetBrains Mono, got cat: .*No such file or directory$/,
  );
});

it.each([
  ['by the file that a rule names', (motd: string) => `session optional pam_motd.so motd=${motd}`],
  [
    'by one of several rules',
    (motd: string) =>
      `session optional pam_motd.so motd=/run/nothing\n@include x\nsession optional pam_motd.so motd=${motd} noupdate`,
  ],
])('finds what a login says first: %s', async (_, rules) => {
  const directory = await scratchDirectory();
  const motd = join(directory, 'motd');
  await writeFile(motd, '=== shinji Installer ===\n1. Partition\n');
  await writeFile(join(directory, 'login'), `auth required pam_unix.so\n${rules(motd)}\n`);
  // This host's own rules are not ours to write: sed reads these in their place.
  const sed = `exec /bin/sed "$1" "$2" ${join(directory, 'login')}`;
  const reason = (pattern: string) => reasonOf(console, { console: { motd: pattern } }, { sed });
  expect(await reason('^=== \\S+ Installer ===$')).toBe('');
  expect(await reason('^=== lilith')).toBe(
    'expected a login to say what matches /^=== lilith/, got "=== shinji Installer ===\\n1. Partition"',
  );
});

it('knows the file that PAM takes by itself, beside one that a rule names, as on Debian', async () => {
  const directory = await scratchDirectory();
  const motd = join(directory, 'motd');
  await writeFile(motd, '=== Welcome ===\n');
  const rules = 'session optional pam_motd.so motd=/run/nothing\nsession optional pam_motd.so noupdate\n';
  await writeFile(join(directory, 'login'), rules);
  const sed = `/bin/sed "$1" "$2" ${join(directory, 'login')} | /bin/sed 's|/etc/motd|${motd}|'`;
  expect(await reasonOf(console, { console: { motd: '^=== Welcome ===$' } }, { sed })).toBe('');
});
