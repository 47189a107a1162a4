import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { formatPaths } from '../../../reference/formats.ts';
import { directory } from '../../images.ts';
import { ofSilent } from './silent.ts';

test('every format is read from its silent twin, by the name of the talking one', async () => {
  const [reference, scratch] = await Promise.all([directory(), directory()]);
  const netboot = ['bzImage', 'initrd', 'netboot.ipxe', 'netboot-silent.ipxe'];
  const files = [
    ...Object.values(formatPaths),
    ...netboot.map((name) => join(formatPaths.netboot, name)),
  ].filter((path) => path !== formatPaths.netboot);
  for (const path of files) {
    await mkdir(dirname(join(reference, path)), { recursive: true });
    await writeFile(join(reference, path), path);
  }
  const silent = await ofSilent(async (seen) => seen)(reference, scratch);
  const read = (path: string) => readFile(join(silent, path), 'utf8');
  expect(await read(formatPaths.qemu)).toBe(formatPaths['qemu-silent']);
  expect(await read(formatPaths['qemu-efi'])).toBe(formatPaths['qemu-efi-silent']);
  expect(await read(formatPaths['qemu-efi-aarch64'])).toBe(formatPaths['qemu-efi-aarch64-silent']);
  expect(await read(formatPaths['iso-installer'])).toBe(formatPaths['iso-installer-silent']);
  expect(await read('netboot/netboot.ipxe')).toBe('netboot/netboot-silent.ipxe');
  expect(await read('netboot/initrd')).toBe('netboot/initrd');
});
