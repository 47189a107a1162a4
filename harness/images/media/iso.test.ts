import { describe, expect, test } from 'vitest';
import { aa64, file, findOne, refusal, x64 } from '../../../test/images.ts';
import { bootCode, iso, mbrDisk } from '../../../test/media.ts';

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
