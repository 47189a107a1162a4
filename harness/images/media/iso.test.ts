import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { aa64, directory, file, findOne, refusal, x64 } from '../../../test/images.ts';
import { bootCode, gptDisk, iso, mbrDisk } from '../../../test/media.ts';

describe('ISO', () => {
  const hybrid = mbrDisk(1, [], bootCode);

  test('BIOS El Torito only', async () => {
    const path = await file(iso({ volumeId: 'NIXOS', entries: [{ platform: 0, content: bootCode }] }));
    expect(await findOne(path)).toEqual({
      kind: 'iso',
      path,
      files: [path],
      arch: 'x86_64',
      volumeId: 'NIXOS',
      cdrom: { bios: true, uefi: [] },
      usb: { bios: false, uefi: [] },
    });
  });

  test('hybrid: both firmwares, as CD-ROM and as stick', async () => {
    const systemArea = mbrDisk(1, [], bootCode);
    systemArea.writeUInt8(0xef, 450);
    systemArea.writeUInt32LE(32 * 4 + 4096, 454);
    systemArea.writeUInt32LE(4096, 458);
    const entries = [
      { platform: 0, content: bootCode },
      { platform: 0xef, content: x64 },
    ];
    expect(await findOne(await file(iso({ entries, systemArea })))).toMatchObject({
      cdrom: { bios: true, uefi: ['x86_64'] },
      usb: { bios: true, uefi: ['x86_64'] },
    });
  });

  test('UEFI only, for aarch64', async () => {
    const image = iso({ entries: [{ platform: 0xef, content: aa64 }] });
    expect(await findOne(await file(image))).toMatchObject({
      arch: 'aarch64',
      cdrom: { bios: false, uefi: ['aarch64'] },
      usb: { bios: false, uefi: [] },
    });
  });

  test('the platform that a boot entry claims decides nothing for UEFI', async () => {
    const section = iso({ entries: [bootCode, x64].map((content) => ({ platform: 0, content })) });
    expect(await findOne(await file(section))).toMatchObject({
      cdrom: { bios: true, uefi: ['x86_64'] },
    });
    const both = iso({ entries: [bootCode, aa64, x64].map((content) => ({ platform: 1, content })) });
    expect(await findOne(await file(both))).toMatchObject({
      cdrom: { bios: false, uefi: ['x86_64', 'aarch64'] },
    });
  });

  test('an EFI system partition under the platform of a PC only apologises to its BIOS', async () => {
    const image = iso({ entries: [{ platform: 0, content: x64 }] });
    expect(await findOne(await file(image))).toMatchObject({ cdrom: { bios: false, uefi: ['x86_64'] } });
    const floppy = Buffer.from(x64);
    bootCode.copy(floppy, 62);
    floppy.fill(0x90, 66, 440);
    expect(await findOne(await file(iso({ entries: [{ platform: 0, content: floppy }] })))).toMatchObject({
      cdrom: { bios: true, uefi: ['x86_64'] },
    });
  });

  test('a stick starts by El Torito, too, where it has an MBR and no GPT', async () => {
    const systemArea = mbrDisk(1, [{ type: 'linux', first: 0, sectors: 4096, active: true }], bootCode);
    const entries = [
      { platform: 0, content: bootCode },
      { platform: 0xef, content: x64 },
    ];
    expect(await findOne(await file(iso({ entries, systemArea })))).toMatchObject({
      usb: { bios: true, uefi: ['x86_64'] },
    });
    const gpt = gptDisk(1 << 13, [{ type: 'linux', first: 4096, sectors: 8 }], bootCode);
    const image = iso({ entries });
    gpt.copy(image, 0, 0, 34 * 512);
    expect(await findOne(await file(image))).toMatchObject({
      cdrom: { uefi: ['x86_64'] },
      usb: { bios: true, uefi: [] },
    });
  });

  test('the second of two boot catalogs counts', async () => {
    const image = iso({ entries: [{ platform: 0xef, content: x64 }] });
    const [record, next] = [17 * 2048, 18 * 2048];
    image.copy(image, next, record, next);
    image.writeUInt32LE(19, record + 71);
    expect(await findOne(await file(image))).toMatchObject({ cdrom: { uefi: ['x86_64'] } });
  });

  test('a loader on the UDF side', async () => {
    const tree = await directory();
    await mkdir(join(tree, 'EFI/BOOT'), { recursive: true });
    await writeFile(join(tree, 'EFI/BOOT/bootx64.efi'), 'MZ');
    const path = join(await directory(), 'image');
    await execa('bsdtar', ['--format=iso9660', '-cf', path, '-C', tree, 'EFI']);
    expect(await refusal(path)).toMatch(/^image-not-bootable: .* ISO without boot entries/);
    // Behind the last volume descriptor: what says that there is UDF.
    const image = await readFile(path);
    image.write('\0NSR02\x01', 19 * 2048, 'latin1');
    await writeFile(path, image);
    expect(await findOne(path)).toMatchObject({ cdrom: { bios: false, uefi: ['x86_64'] } });
  });

  test('an Apple driver map in the system area is no boot code', async () => {
    const systemArea = Buffer.alloc(512);
    systemArea.write('ER\x02\0', 0, 'latin1');
    systemArea.writeUInt16LE(0xaa55, 510);
    const image = iso({ entries: [{ platform: 0, content: bootCode }], systemArea });
    expect(await findOne(await file(image))).toMatchObject({ usb: { bios: false } });
  });

  test('truncated, without boot entries, with control characters in its volume id', async () => {
    const image = iso({
      volumeId: 'a\x1b[2Jb',
      entries: [{ platform: 0, content: bootCode }],
      systemArea: hybrid,
    });
    expect(await findOne(await file(image))).toMatchObject({ volumeId: 'a?[2Jb' });
    expect(await refusal(await file(image.subarray(0, 1 << 20)))).toMatch(
      /^image-damaged: image: expected an ISO of \d+ bytes, as its volume descriptor says, got 1048576: it is truncated/,
    );
    expect(await refusal(await file(iso({})))).toMatch(/^image-not-bootable: .* ISO without boot entries/);
  });
});
