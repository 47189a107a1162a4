import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { makeWorld, startCli } from './cli.ts';
import { efiDisk, x64 } from './images.ts';
import { bootCode } from './media.ts';

/** Directories whose names mean something to a program that looks at images. */
test.each(['a$b', 'a $HOME@@1M?offset=1', "it's (a) [b] {c}, %d\\e, fällt auf"])(
  'with TMPDIR and images in %s no way to boot is lost',
  async (name) => {
    await using world = await makeWorld({ ownCache: true });
    const TMPDIR = join(world.path, name);
    await mkdir(TMPDIR);
    const raw = join(TMPDIR, 'disk.img');
    await writeFile(raw, efiDisk(x64, bootCode));
    await execa('qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', raw, join(TMPDIR, 'disk.qcow2')]);
    const { exitCode, stdout, stderr } = await startCli(world, ['--list', '--images', TMPDIR], {
      env: { TMPDIR },
    });
    expect({ exitCode, stderr, cells: String(stdout).split('\n') }).toEqual({
      exitCode: 0,
      stderr: '',
      cells: [
        'qemu-efi.x86_64.bios.disk',
        'qemu-efi.x86_64.uefi.disk',
        'raw-efi.x86_64.bios.disk',
        'raw-efi.x86_64.uefi.disk',
      ],
    });
  },
);
