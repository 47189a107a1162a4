import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { directory, x64 } from '../../../test/images.ts';
import { runProgram } from '../host-program.ts';
import { extFiles, fatFiles, isoFiles, type MediumFiles } from './files.ts';

/** A directory whose path means something to shells, mtools and e2fsprogs. */
async function oddDirectory(): Promise<string> {
  const path = join(await directory(), 'a $HOME @@1M c?offset=1');
  await mkdir(path);
  return path;
}

const sbin = { env: { PATH: `${process.env['PATH']}:/usr/sbin:/sbin` } };

/** An ext4 file system with a file `/loader/loader.conf`. */
async function writeExt4(path: string): Promise<void> {
  const source = await directory();
  await mkdir(join(source, 'loader'));
  await writeFile(join(source, 'loader/loader.conf'), 'timeout 1\n');
  await execa('mke2fs', ['-q', '-d', source, path, '4M'], sbin);
}

async function writeTar(path: string): Promise<void> {
  const source = await directory();
  await mkdir(join(source, 'loader'));
  await writeFile(join(source, 'loader/loader.conf'), 'timeout 1\n');
  await execa('bsdtar', ['-cf', path, '-C', source, 'loader/loader.conf']);
}

async function copied(files: MediumFiles, path: string, cwd: string): Promise<string | false> {
  const [program, ...args] = files.copy(path, 'copy');
  const wasCopied = files.wasCopied(await runProgram(program, args, { cwd }));
  return wasCopied && readFile(join(cwd, 'copy'), 'utf8');
}

describe('what is on a medium is told from what could not be read', () => {
  test('FAT', async () => {
    const path = await oddDirectory();
    await writeFile(join(path, 'fat'), x64);
    const files = fatFiles({ directory: path, name: 'fat' });
    expect(await files.list('/EFI/BOOT')).toEqual(['bootx64.efi']);
    expect(await files.read('/EFI/BOOT/BOOTX64.EFI')).toBe('MZ');
    expect(await files.read('/loader/loader.conf')).toBeUndefined();
    expect(await files.list('/loader/entries')).toEqual([]);
    expect(await copied(files, '/EFI/BOOT/bootx64.efi', path)).toBe('MZ');
    expect(await copied(files, '/gone', path)).toBe(false);
    await writeFile(join(path, 'fat'), x64.subarray(0, 512));
    await expect(files.read('/loader/loader.conf')).rejects.toMatchObject({
      code: 'medium-unreadable',
      message: expect.stringMatching(/^mtools could not read .*: Error reading fat/),
    });
  });

  test('ext4', async () => {
    const path = await oddDirectory();
    await writeExt4(join(path, 'ext4'));
    const files = extFiles({ directory: path, name: 'ext4' });
    expect(await files.read('/loader/loader.conf')).toBe('timeout 1');
    expect(await files.list('/loader')).toContain('loader.conf');
    expect(await files.read('/gone')).toBeUndefined();
    expect(await copied(files, '/loader/loader.conf', path)).toBe('timeout 1\n');
    expect(await copied(files, '/gone', path)).toBe(false);
    await writeFile(join(path, 'ext4'), (await readFile(join(path, 'ext4'))).subarray(0, 8192));
    const refused = { code: 'medium-unreadable', message: expect.stringMatching(/^debugfs could not read/) };
    await expect(files.read('/loader/loader.conf')).rejects.toMatchObject(refused);
    await expect(copied(files, '/loader/loader.conf', path)).rejects.toMatchObject(refused);
  });

  test('ISO (bsdtar reads tar the same way)', async () => {
    const path = await oddDirectory();
    const image = join(path, 'image');
    await writeTar(image);
    const files = isoFiles(image);
    expect(await files.read('/loader/loader.conf')).toBe('timeout 1');
    expect(await files.read('/gone')).toBeUndefined();
    expect(await copied(files, '/loader/loader.conf', path)).toBe('timeout 1\n');
    expect(await copied(files, '/gone', path)).toBe(false);
    await writeFile(image, 'no ISO');
    await expect(files.read('/x')).rejects.toMatchObject({
      code: 'medium-unreadable',
      message: expect.stringMatching(/^bsdtar could not read .*Unrecognized archive format/),
    });
  });

  test('a path that is an option of bsdtar starts no program', async () => {
    const path = await oddDirectory();
    await writeTar(join(path, 'image'));
    const files = isoFiles(join(path, 'image'));
    expect(await files.read('/--use-compress-program=false')).toBeUndefined();
    expect(await copied(files, '/--use-compress-program=false', path)).toBe(false);
  });
});
