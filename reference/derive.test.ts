import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { debugfsCommands, deriveImage } from './derive.ts';

const sbin = { env: { PATH: `${process.env['PATH']}:/usr/sbin:/sbin` } };

test('commands of debugfs for each kind of edit', () => {
  expect(debugfsCommands({ path: '/a', remove: true }, '/tmp/0')).toEqual(['rm /a']);
  expect(debugfsCommands({ path: '/a', content: '', replaces: false }, '/tmp/0')[0]).toBe('write /tmp/0 /a');
  expect(debugfsCommands({ path: '/etc/shadow', append: 'x' }, '/tmp/0')).toEqual([
    'rm /etc/shadow',
    'write /tmp/0 /etc/shadow',
    'set_inode_field /etc/shadow mode 0100640',
    'set_inode_field /etc/shadow uid 0',
    'set_inode_field /etc/shadow gid 0',
  ]);
});

test('a file in a disk is changed without mounting it, and one that is not there is reported', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'boot-matrix-test-'));
  const [raw, qcow2, broken] = ['disk.raw', 'disk.qcow2', 'broken.qcow2'].map((name) =>
    join(directory, name),
  );
  if (raw === undefined || qcow2 === undefined || broken === undefined) expect.unreachable();
  try {
    await writeFile(raw, '');
    await truncate(raw, 9 << 20);
    await execa('mke2fs', ['-q', '-E', `offset=${1 << 20}`, raw, '8M'], sbin);
    const script = join(directory, 'tree');
    await writeFile(script, `mkdir /etc\nmkdir /etc/nix\nwrite ${script} /etc/nix/nix.conf\n`);
    await execa('debugfs', ['-w', '-f', script, `${raw}?offset=${1 << 20}`], sbin);
    await execa('qemu-img', ['convert', '-O', 'qcow2', raw, qcow2]);
    await deriveImage(qcow2, 'no-flakes', broken);
    await execa('qemu-img', ['convert', '-O', 'raw', broken, raw]);
    const { stdout } = await execa(
      'debugfs',
      ['-R', 'cat /etc/nix/nix.conf', `${raw}?offset=${1 << 20}`],
      sbin,
    );
    expect(stdout).toBe('warn-dirty = false');
    await expect(deriveImage(qcow2, 'no-authorized-key', broken)).rejects.toMatchObject({
      code: 'reference-edit',
    });
  } finally {
    await rm(directory, { recursive: true });
  }
});
