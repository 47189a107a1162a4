import { expect, test } from 'vitest';
import { aa64, efiDisk, file, legacyDisk } from '../../../test/images.ts';
import { bootCode } from '../../../test/media.ts';
import { findImages } from '../find.ts';
import { checkLoaders } from './loaders.ts';
import type { Release, ReleaseFinding } from './release.ts';

async function checked(disk: Buffer): Promise<ReleaseFinding> {
  const releases: Release[] = [];
  await findImages([await file(disk, 'disk.img')], { onRelease: (release) => releases.push(release) });
  const [release] = releases;
  if (release === undefined) throw new Error('no release');
  return checkLoaders(release);
}

test('an EFI system partition has the loader of the image’s architecture', async () => {
  expect(await checked(efiDisk())).toEqual({
    faults: [],
    told: ['disk.img: EFI/BOOT/BOOTX64.EFI at byte 1048576'],
  });
  expect(await checked(efiDisk(aa64))).toMatchObject({ faults: [] });
});

test('that of another one leaves only the BIOS', async () => {
  expect(await checked(efiDisk(aa64, bootCode))).toEqual({
    faults: [
      {
        action: 'disk.img',
        expected: 'EFI/BOOT/BOOTX64.EFI on the EFI system partition at byte 1048576',
        got: 'EFI/BOOT/BOOTAA64.EFI',
      },
    ],
    told: [],
  });
  const empty = Buffer.from(aa64);
  // The directory's entry is deleted.
  for (let at = empty.indexOf('BOOTAA64EFI'); at !== -1; at = empty.indexOf('BOOTAA64EFI', at + 1))
    empty[at] = 0xe5;
  expect((await checked(efiDisk(empty, bootCode))).faults).toMatchObject([{ got: 'no fallback loader' }]);
});

test('a disk without such a partition promises nothing', async () => {
  expect(await checked(legacyDisk())).toEqual({ faults: [], told: [] });
});
