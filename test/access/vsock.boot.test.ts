import { mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { dir, type DirectoryResult } from 'tmp-promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readEventLog } from '../cli.ts';
import { disk } from '../defects/make/disk.ts';
import type { Ext4Edit } from '../defects/make/ext4.ts';
import { type MadeImagesRun, judgeMadeImages } from '../made-images.ts';
import { packDebian } from './debian.ts';
import { closedContract, masked, noScreen, silent } from './shut.ts';

/** No getty is started, and the SSH server listens where nobody outside reaches it. */
const closed: Ext4Edit[] = [
  silent(),
  noScreen,
  masked('serial-getty@.service'),
  { path: '/etc/ssh/sshd_config.d/inside.conf', create: 'ListenAddress 127.0.0.1\n' },
];
const images = {
  /** Nobody's key is authorized: ours takes that place. */
  listens: disk('qemu', { root: [...closed, { path: '/root/.ssh/authorized_keys', remove: true }] }),
  /** Somebody's key is, and the unit is systemd's own, which takes ours beside it. */
  beside: disk('qemu', {
    root: [...closed, { path: '/usr/lib/systemd/system/sshd@.service', remove: true }],
  }),
  /** What has a server listen on a vsock is gone, too. */
  deaf: disk('qemu', {
    root: [...closed, { path: '/usr/lib/systemd/system-generators/systemd-ssh-generator', remove: true }],
  }),
};

const contract = {
  ...closedContract,
  power: { off: true, reboot: {} },
};

/** Debian 14 is the first that has the program. */
async function getProgram(directory: string): Promise<string> {
  const archive = join(directory, 'vsock.tar');
  await packDebian('forky', ['vhost-device-vsock'], archive);
  const bin = join(directory, 'bin');
  await mkdir(bin);
  await execa('tar', ['-C', bin, '-xf', archive, '--strip-components=3', './usr/bin/vhost-device-vsock']);
  return bin;
}

describe('SSH by a vsock', () => {
  let scratch: DirectoryResult;
  let run: MadeImagesRun;
  const cellOf = (name: keyof typeof images) => run.summary.cells.find(({ id }) => id.endsWith(`.${name}`));

  beforeAll(async () => {
    scratch = await dir({ prefix: 'bmt', unsafeCleanup: true });
    const PATH = [await getProgram(scratch.path), process.env['PATH']].join(delimiter);
    run = await judgeMadeImages({ images, contract, env: { PATH } });
  });
  afterAll(async () => {
    await run.world[Symbol.asyncDispose]();
    await scratch.cleanup();
  });

  test.each(['listens', 'beside'] as const)(
    'is a way into an image that has no other, with a key of our own: %s',
    async (name) => {
      expect(cellOf(name)).toMatchObject({
        verdict: 'passed',
        access: 'credentials',
        shut: [{ rung: 'shipped' }],
      });
      const checks = cellOf(name)?.checks.map((check) => [check.name, check.verdict]) ?? [];
      expect(Object.fromEntries(checks)).toMatchObject({ flakes: 'passed', power: 'passed' });
    },
  );

  test('is none where nobody listens there', () => {
    expect(cellOf('deaf')?.access).not.toBe('credentials');
    const shut = expect.arrayContaining([expect.objectContaining({ rung: 'credentials' })]);
    expect(cellOf('deaf')).toMatchObject({ shut });
  });

  test('an image as it ships gets no vsock', async () => {
    const starts = (await readEventLog(run.world)).flatMap((event) =>
      event.type === 'cell-started' ? [{ rung: event.rung ?? 'shipped', argv: event.argv.join(' ') }] : [],
    );
    expect(starts.filter(({ rung }) => rung === 'credentials')).toHaveLength(3);
    for (const { rung, argv } of starts) expect(argv.includes('vsock'), rung).toBe(rung === 'credentials');
  });

  test('leaves no program behind', async () => {
    const { stdout } = await execa('pgrep', ['-f', 'vhost-device-vsock --guest-cid'], { reject: false });
    expect(stdout).toBe('');
  });
});
