import { chmod, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { directory, efiDisk, file } from '../../test/images.ts';
import { findImages } from './find.ts';
import { runProgram } from './host-program.ts';

/** Puts a program on PATH that does this. */
async function install(name: string, script: string): Promise<void> {
  const bin = await directory();
  await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(bin, name), 0o755);
  vi.stubEnv('PATH', [bin, process.env['PATH']].join(delimiter));
}

test('a program that something kills says nothing of an image', async () => {
  const disk = await file(efiDisk());
  await install('mdir', 'kill -9 $$');
  await expect(findImages([disk])).rejects.toMatchObject({ code: 'program-killed', transient: true });
});

test('that there is no such directory is an answer, any other failure of mdir is none', async () => {
  const disk = await file(efiDisk());
  await install('mdir', 'echo "mdir: File \\"::/EFI/BOOT\\" not found" >&2; exit 1');
  await expect(findImages([disk])).rejects.toMatchObject({ code: 'image-not-bootable' });
  await install('mdir', 'echo "Can\'t open image: No such file or directory" >&2; exit 1');
  await expect(findImages([disk])).rejects.toMatchObject({
    code: 'image-damaged',
    message: expect.stringContaining(
      "got one at byte 1048576 that mdir refuses (Can't open image: No such file",
    ),
  });
});

test('a full disk is the host’s', async () => {
  await install('mdir', 'echo "mdir: write: No space left on device" >&2; exit 1');
  await expect(runProgram('mdir', [])).rejects.toMatchObject({ code: 'disk-full' });
});

test('a damaged image may be read with an I/O error: that is for the caller', async () => {
  await install('qemu-img', 'echo "Could not read L1 table: Input/output error" >&2; exit 1');
  expect(await runProgram('qemu-img', [])).toMatchObject({ exitCode: 1 });
});

test('what a program writes is bounded', async () => {
  await install('mdir', 'yes');
  expect(await runProgram('mdir', [], { maxOutput: 1000 })).toMatchObject({ exitCode: undefined });
});

test('one that is missing is named with its package', async () => {
  vi.stubEnv('PATH', await directory());
  await expect(runProgram('mdir', [])).rejects.toMatchObject({
    code: 'program-missing',
    hint: expect.stringContaining('apt-get install mtools'),
  });
});
