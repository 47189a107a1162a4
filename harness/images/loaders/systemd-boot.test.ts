import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { directory, x64 } from '../../../test/images.ts';
import { addToFat, bzImage } from '../../../test/media.ts';
import { unifiedKernel } from '../../../test/unified-kernel.ts';
import type { LoaderEntry } from './entry.ts';
import { fatFiles } from './files.ts';
import { findLoaderEntry } from './find.ts';

/** What is started by default from a FAT file system with these files. */
async function started(files: Record<string, string | Buffer>): Promise<LoaderEntry | undefined> {
  const path = await directory();
  await writeFile(join(path, 'fat'), x64);
  await addToFat(join(path, 'fat'), files);
  return findLoaderEntry(fatFiles({ directory: path, name: 'fat' }), { directory: path, arch: 'x86_64' });
}

const entry = (kernel: string, more = ''): string =>
  `title x\nlinux ${kernel}\noptions init=${kernel}\n${more}`;
const unified = (os: string, ...more: [string, string | Buffer][]): Buffer =>
  unifiedKernel([
    ['.osrel', os],
    ['.cmdline', 'init=/u\nquiet\0'],
    ['.linux', bzImage()],
    ['.initrd', 'initrd of it'],
    ...more,
  ]);
const nixos = (version: string): string => `ID=nixos\nNAME="NixOS"\nVERSION_ID='${version}'\n`;

test('an entry whose kernel is not there, or that is for another architecture, is passed over', async () => {
  const found = await started({
    '/EFI/nixos/k.efi': 'MZ',
    '/loader/entries/nixos-3.conf': entry('/EFI/nixos/gone.efi'),
    '/loader/entries/nixos-2.conf': entry('/EFI/nixos/k.efi', 'architecture aa64\n'),
    '/loader/entries/nixos-1+2.conf': entry('/EFI/NIXOS/K.efi', 'architecture X64\n'),
    '/loader/entries/auto-x.conf': entry('/EFI/nixos/k.efi', 'sort-key a\n'),
  });
  expect(found).toEqual({ kernel: '/EFI/NIXOS/K.efi', initrds: [], options: 'init=/EFI/NIXOS/K.efi' });
});

test('unified kernel images are entries by their os-release', async () => {
  const files = {
    '/EFI/nixos/k.efi': 'MZ',
    '/loader/entries/z.conf': entry('/EFI/nixos/k.efi', 'sort-key nixos\nversion 25.05\n'),
    '/EFI/Linux/nixos-old.efi': unified(nixos('25.11')),
    '/EFI/Linux/nixos-new+0-3.efi': unified(nixos('26.11')),
    '/EFI/Linux/none.efi': 'MZ',
    '/EFI/Linux/nameless.efi': unified('VERSION_ID=99\n'),
  };
  expect(await started(files)).toMatchObject({
    kernel: '/EFI/Linux/nixos-old.efi',
    options: 'init=/u quiet',
  });
  expect(await started({ ...files, '/loader/loader.conf': 'default nixos-new.efi\n' })).toMatchObject({
    kernel: '/EFI/Linux/nixos-new+0-3.efi',
  });
  expect(await started({ ...files, '/loader/loader.conf': 'default z*\n' })).toMatchObject({
    kernel: '/EFI/nixos/k.efi',
  });
});

test('an entry file may start one, with options of its own', async () => {
  const found = await started({
    '/EFI/a.efi': unified(nixos('1')),
    '/loader/entries/a.conf': 'uki /EFI/a.efi\noptions single\n',
  });
  expect(found).toMatchObject({
    kernel: '/EFI/a.efi',
    options: 'single',
    unified: { initrds: [{ size: 12 }] },
  });
});

test('where the default is a program that is no kernel, nothing is started in its place', async () => {
  const found = await started({
    '/EFI/memtest.efi': 'MZ',
    '/EFI/nixos/k.efi': 'MZ',
    '/loader/entries/a.conf': 'efi /EFI/memtest.efi\nsort-key a\n',
    '/loader/entries/b.conf': entry('/EFI/nixos/k.efi', 'sort-key b\n'),
  });
  expect(found).toBeUndefined();
});

test('firmware starts one that is its own fallback before any bootloader, and the first profile of it', async () => {
  const image = unified(
    nixos('1'),
    ['.ucode', 'microcode'],
    ['.profile', 'ID=main\n'],
    ['.cmdline', 'init=/main'],
    ['.profile', 'ID=other\n'],
    ['.cmdline', 'init=/other'],
  );
  const found = await started({
    '/EFI/BOOT/BOOTX64.EFI': image,
    '/EFI/nixos/k.efi': 'MZ',
    '/loader/entries/b.conf': entry('/EFI/nixos/k.efi'),
  });
  expect(found).toMatchObject({ kernel: '/EFI/BOOT/BOOTX64.EFI', options: 'init=/main' });
  const parts = [found?.unified?.linux, ...(found?.unified?.initrds ?? [])].map((part) =>
    part === undefined ? '' : image.toString('latin1', part.offset, part.offset + part.size),
  );
  expect(parts).toEqual([bzImage().toString('latin1'), 'microcode', 'initrd of it']);
});

test('one whose table points outside of it is none', async () => {
  const image = unified(nixos('1'));
  expect(await started({ '/EFI/BOOT/BOOTX64.EFI': image.subarray(0, image.length - 512) })).toBeUndefined();
});
