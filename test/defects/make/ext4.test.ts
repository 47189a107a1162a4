import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { scratchDirectory } from '../../scratch.ts';
import { append, become } from './contents.ts';
import { debugfsCommands, editExt4 } from './ext4.ts';

const sbin = { env: { PATH: `${process.env['PATH']}:/usr/sbin:/sbin` } };
const offset = 1 << 20;

test('commands of debugfs for each kind of edit', () => {
  const commands = (edit: Parameters<typeof debugfsCommands>[0]) => debugfsCommands(edit, '/tmp/0');
  expect(commands({ path: '/a', remove: true })).toEqual(['rm /a']);
  expect(commands({ path: '/a', symlink: '/b' })).toEqual(['symlink /a /b']);
  expect(commands({ path: '/a', mode: '0100666' })).toEqual(['set_inode_field /a mode 0100666']);
  expect(commands({ label: 'other' })).toEqual(['set_super_value volume_name other']);
  expect(commands({ path: '/a', create: '' })[0]).toBe('write /tmp/0 /a');
  expect(commands({ path: '/etc/shadow', mode: '0100640', change: append('x') })).toEqual([
    'rm /etc/shadow',
    'write /tmp/0 /etc/shadow',
    'set_inode_field /etc/shadow mode 0100640',
    'set_inode_field /etc/shadow uid 0',
    'set_inode_field /etc/shadow gid 0',
  ]);
});

test('files in a disk are changed without mounting it, and one that is not there is reported', async () => {
  const scratch = await scratchDirectory();
  const disk = join(scratch, 'disk.raw');
  await writeFile(disk, '');
  await truncate(disk, 9 << 20);
  await execa('mke2fs', ['-q', '-E', `offset=${offset}`, disk, '8M'], sbin);
  await editExt4(disk, offset, [{ path: '/a', create: 'one\n' }], scratch);
  await editExt4(
    disk,
    offset,
    [
      { path: '/a', change: append('two\n') },
      { path: '/b', symlink: '/a' },
      { label: 'other' },
      { path: '/a', change: append('three\n') },
    ],
    scratch,
  );
  const read = async (command: string): Promise<string> =>
    (await execa('debugfs', ['-R', command, `${disk}?offset=${offset}`], sbin)).stdout;
  expect(await read('cat /a')).toBe('one\ntwo\nthree');
  expect(await read('stat /b')).toContain('Fast link dest: "/a"');
  expect(await read('show_super_stats -h')).toMatch(/volume name: +other/);
  await expect(
    editExt4(disk, offset, [{ path: '/absent', change: become('') }], scratch),
  ).rejects.toMatchObject({ code: 'defect-edit' });
});
