import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { formatPaths } from '../../../reference/formats.ts';
import type { Make } from './make.ts';

/** What stands at a path of the ISO: a text, or a file of the host. */
type Content = { text: string } | { file: string };

export interface Remastering {
  /** By absolute paths in the ISO. */
  files: Readonly<Record<string, Content>>;
  /** The program that UEFI firmware starts, by its path on the host. @default the reference's GRUB */
  efi?: (scratch: string) => Promise<string>;
}

/** Where the reference ISO has its EFI system partition, and that its loader. */
const esp = '/boot/efi.img';
const loader = '::/EFI/BOOT/BOOTX64.EFI';

/** The reference ISO with other files, written anew by xorriso(1) and bootable in the same ways. */
export const remaster =
  ({ files, efi }: Remastering): Make =>
  async (reference, scratch) => {
    const source = join(reference, formatPaths['iso-installer']);
    const image = join(scratch, 'nixos-installer.iso');
    const maps = await Promise.all(
      Object.entries(files).map(async ([path, content], index) => {
        if ('file' in content) return ['-map', content.file, path];
        const file = join(scratch, `file-${index}`);
        await writeFile(file, content.text);
        return ['-map', file, path];
      }),
    );
    if (efi !== undefined) {
      const partition = join(scratch, 'efi.img');
      await execa('xorriso', ['-osirrox', 'on', '-indev', source, '-extract', esp, partition]);
      await execa('chmod', ['u+w', partition]);
      await execa('mcopy', ['-o', '-i', partition, await efi(scratch), loader]);
      maps.push(['-map', partition, esp]);
    }
    const written = ['-indev', source, '-outdev', image, '-boot_image', 'any', 'replay', '-overwrite', 'on'];
    await execa('xorriso', [...written, ...maps.flat(), '-commit']);
    return image;
  };

/** GRUB for UEFI with its menu in graphics; its font is at `/EFI/BOOT/unicode.pf2` of the ISO. */
export async function graphicalGrub(scratch: string): Promise<string> {
  const [config, image] = ['early.cfg', 'grub.efi'].map((name) => join(scratch, name)) as [string, string];
  await writeFile(
    config,
    'search --file --set=root /EFI/BOOT/grub.cfg\nset prefix=($root)/EFI/BOOT\nconfigfile $prefix/grub.cfg\n',
  );
  const modules =
    'fat iso9660 part_gpt part_msdos normal configfile linux terminal search search_fs_file font efi_gop gfxterm';
  const options = ['-O', 'x86_64-efi', '-p', '/EFI/BOOT', '-c', config, '-o', image];
  await execa('grub-mkimage', [...options, ...modules.split(' ')]);
  return image;
}
