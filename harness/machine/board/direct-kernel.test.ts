import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { directory, efiDisk, findOne, x64 } from '../../../test/images.ts';
import { addToFat, bzImage } from '../../../test/media.ts';
import { unifiedKernel } from '../../../test/unified-kernel.ts';
import { takeKernel } from './direct-kernel.ts';

/** A disk whose ESP holds these files. */
async function diskWith(files: Record<string, string | Buffer>): Promise<string> {
  const path = await directory();
  await writeFile(join(path, 'fat'), x64);
  await addToFat(join(path, 'fat'), files);
  const disk = join(path, 'disk.img');
  await writeFile(disk, efiDisk(await readFile(join(path, 'fat'))));
  return disk;
}

test('a unified kernel image is cut into kernel and initrd, and the commands that did it do it again', async () => {
  const kernel = bzImage(8192);
  const disk = await diskWith({
    '/EFI/Linux/nixos.efi': unifiedKernel([
      ['.osrel', 'ID=nixos\n'],
      ['.cmdline', 'init=/x  quiet\n'],
      ['.initrd', 'the initrd'],
      ['.ucode', 'microcode, '],
      ['.linux', kernel],
    ]),
  });
  const scratch = await directory();
  const taken = await takeKernel(await findOne(disk), 'x86_64', scratch);
  expect(taken).toMatchObject({ options: 'init=/x quiet', kernel: join(scratch, 'kernel') });
  const again = await directory();
  for (const [program = '', ...args] of taken?.make ?? []) await execa(program, args, { cwd: again });
  for (const place of [scratch, again]) {
    expect(await readFile(join(place, 'kernel'))).toEqual(kernel);
    expect(await readFile(join(place, 'initrd'), 'latin1')).toBe('microcode, the initrd');
  }
});

test('one for another machine is not taken', async () => {
  const disk = await diskWith({
    '/EFI/Linux/nixos.efi': unifiedKernel([
      ['.osrel', 'ID=nixos\n'],
      ['.linux', Buffer.alloc(4096, 'ARMd')],
    ]),
  });
  expect(await takeKernel(await findOne(disk), 'x86_64', await directory())).toBeNull();
});
