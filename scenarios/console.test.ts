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

it('finds what a login says first where PAM says it', async () => {
  const motd = join(await scratchDirectory(), 'motd');
  await writeFile(motd, '=== shinji Installer ===\n1. Partition\n');
  // The rules of this host's own PAM are not ours to write: sed reads these in their place.
  const sed = `echo 'session optional pam_motd.so motd=${motd}' | /bin/sed "$1" "$2"`;
  const reason = (pattern: string) => reasonOf(console, { console: { motd: pattern } }, { sed });
  expect(await reason('^=== \\S+ Installer ===$')).toBe('');
  expect(await reason('^=== lilith')).toBe(
    'expected a login to say what matches /^=== lilith/, got "=== shinji Installer ===\\n1. Partition"',
  );
});
