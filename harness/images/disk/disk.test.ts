import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { aa64, directory, efiDisk, file, findOne, legacyDisk, refusal, x64 } from '../../../test/images.ts';
import { overlayArgs } from '../../machine/board/overlay.ts';
import { bootCode, gptDisk, mbrDisk } from '../../../test/media.ts';

describe('disks', () => {
  test('a raw disk with MBR and boot code boots by BIOS', async () => {
    const path = await file(legacyDisk());
    expect(await findOne(path)).toEqual({
      kind: 'disk',
      path,
      files: [path],
      arch: 'x86_64',
      driver: 'raw',
      virtualSize: 2 << 20,
      table: 'mbr',
      boots: { bios: true, uefi: [] },
    });
  });

  test.for(['qcow2', 'vmdk', 'vhdx', 'vdi', 'vpc'])(
    '%s is told by its magic and read through QEMU',
    async (driver) => {
      const raw = await file(efiDisk());
      const path = `${raw}.bin`;
      await execa('qemu-img', ['convert', '-f', 'raw', '-O', driver, raw, path]);
      expect(await findOne(path)).toMatchObject({
        driver,
        table: 'gpt',
        arch: 'x86_64',
        boots: { bios: false, uefi: ['x86_64'] },
      });
    },
  );

  test.for([['-c'], ['-o', 'extended_l2=on,cluster_size=128k'], ['-o', 'compat=0.10,cluster_size=512']])(
    'a qcow2 made with %j is whole',
    async (options) => {
      const raw = await file(Buffer.concat([efiDisk(), Buffer.alloc(1_000_001, 'x')]));
      const path = `${raw}.qcow2`;
      await execa('qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', ...options, raw, path]);
      expect(await findOne(path)).toMatchObject({ driver: 'qcow2', boots: { uefi: ['x86_64'] } });
    },
  );

  test('a fixed VHD is told by the footer at its end', async () => {
    const raw = await file(legacyDisk());
    const path = `${raw}.img`;
    await execa('qemu-img', ['convert', '-f', 'raw', '-O', 'vpc', '-o', 'subformat=fixed', raw, path]);
    expect(await findOne(path)).toMatchObject({
      driver: 'vpc',
      table: 'mbr',
      boots: { bios: true, uefi: [] },
    });
  });

  test.for([
    ['fixed', 'vbox'],
    ['dynamic', 'vs  '],
    ['fixed', 'vpc '],
  ] as const)('a %s VHD by %j whose geometry is smaller than its size', async ([subformat, creator]) => {
    const raw = await file(efiDisk());
    const path = `${raw}.vhd`;
    const options = `subformat=${subformat},force_size=on`;
    await execa('qemu-img', ['convert', '-f', 'raw', '-O', 'vpc', '-o', options, raw, path]);
    const content = await readFile(path);
    for (const at of [content.length - 512, ...(subformat === 'dynamic' ? [0] : [])]) {
      const footer = content.subarray(at, at + 512);
      footer.write(creator, 28, 'latin1');
      // 100 cylinders, 4 heads, 17 sectors a track: 3.3 of 4 MiB.
      footer.writeUInt32BE((100 << 16) | (4 << 8) | 17, 56);
      footer.writeUInt32BE(0, 64);
      footer.writeUInt32BE(~footer.reduce((sum, byte) => sum + byte, 0) >>> 0, 64);
    }
    await writeFile(path, content);
    const image = await findOne(path);
    expect(image).toMatchObject({ driver: 'vpc', virtualSize: 4 << 20, boots: { uefi: ['x86_64'] } });
    // Its guest sees all of it.
    const [overlay, seen] = [`${path}.overlay`, `${path}.raw`];
    await execa('qemu-img', overlayArgs({ path, driver: 'vpc' }, overlay));
    await execa('qemu-img', ['convert', '-f', 'qcow2', '-O', 'raw', overlay, seen]);
    expect((await readFile(seen)).equals(efiDisk())).toBe(true);
  });

  test.for(['streamOptimized', 'monolithicFlat'])('a %s vmdk', async (subformat) => {
    const raw = await file(legacyDisk());
    const path = `${raw}.vmdk`;
    await execa('qemu-img', [
      'convert',
      '-f',
      'raw',
      '-O',
      'vmdk',
      '-o',
      `subformat=${subformat}`,
      raw,
      path,
    ]);
    const image = await findOne(path);
    expect(image).toMatchObject({ driver: 'vmdk', boots: { bios: true, uefi: [] } });
    expect(image.files.map((one) => basename(one))).toEqual(
      subformat === 'monolithicFlat' ? ['image.vmdk', 'image-flat.vmdk'] : ['image.vmdk'],
    );
  });

  test('the architecture comes from the UEFI loader', async () => {
    expect(await findOne(await file(efiDisk(aa64)))).toMatchObject({
      arch: 'aarch64',
      boots: { bios: false, uefi: ['aarch64'] },
    });
  });

  test('GPT with boot code and an ESP boots both ways', async () => {
    expect(await findOne(await file(efiDisk(x64, bootCode)))).toMatchObject({
      boots: { bios: true, uefi: ['x86_64'] },
    });
  });

  test('a loader in a FAT partition that is not typed as ESP, and one on a disk without partitions, are found', async () => {
    const partitioned = mbrDisk(8192, [{ type: 'linux', first: 2048, sectors: 4096, content: x64 }]);
    expect(await findOne(await file(partitioned))).toMatchObject({
      table: 'mbr',
      boots: { bios: false, uefi: ['x86_64'] },
    });
    expect(await findOne(await file(x64))).toMatchObject({
      table: 'none',
      boots: { bios: false, uefi: ['x86_64'] },
    });
  });

  test('what UEFI firmware finds beside plain partitions', async () => {
    const uefi = { boots: { bios: false, uefi: ['x86_64'] } };
    const partition = { type: 'esp', first: 2048, sectors: 4096, content: x64 } as const;

    const logical = mbrDisk(16_384, [{ type: 'linux', first: 2048, sectors: 10_000 }]);
    logical.writeUInt8(5, 450);
    mbrDisk(1, [{ type: 'linux', first: 2048, sectors: 4096 }]).copy(logical, 2048 * 512);
    x64.copy(logical, 4096 * 512);
    expect(await findOne(await file(logical)), 'a logical partition').toMatchObject(uefi);

    const status = mbrDisk(8192, [partition]);
    status.writeUInt8(0x12, 446);
    expect(await findOne(await file(status)), 'an entry that begins with 0x12').toMatchObject(uefi);

    const parameters = mbrDisk(8192, [partition]);
    x64.copy(parameters, 0, 0, 62);
    expect(await findOne(await file(parameters)), "a FAT's parameters in the MBR").toMatchObject(uefi);

    const noJump = Buffer.from(x64).fill(0, 0, 3);
    expect(await findOne(await file(noJump)), 'a FAT without a jump').toMatchObject(uefi);

    const notProtective = mbrDisk(8192, [{ type: 'linux', first: 5, sectors: 100 }, partition]);
    notProtective.writeUInt8(0xee, 450);
    expect(await findOne(await file(notProtective)), '0xEE that protects no GPT').toMatchObject(uefi);

    const many = Array.from({ length: 20 }, (_, index) => ({
      type: 'linux' as const,
      first: 64 + index,
      sectors: 1,
    }));
    const last = gptDisk(8192, [...many, partition]);
    expect(await findOne(await file(last)), 'the last of many partitions').toMatchObject(uefi);
  });

  test('loaders on two partitions', async () => {
    const image = gptDisk(16_384, [
      { type: 'esp', first: 2048, sectors: 4096, content: aa64 },
      { type: 'linux', first: 6144, sectors: 4096, content: x64 },
    ]);
    expect(await findOne(await file(image))).toMatchObject({ boots: { uefi: ['x86_64', 'aarch64'] } });
  });

  test('more than can be looked at is refused', async () => {
    const many = Array.from({ length: 17 }, (_, index) => ({
      type: 'linux' as const,
      first: 64 + index,
      sectors: 1,
      content: x64.subarray(0, 512),
    }));
    expect(await refusal(await file(gptDisk(8192, many)))).toMatch(
      /^image-damaged: .* a disk of at most 16 FAT file systems, got one of 17/,
    );
  });

  test("parted's stub is boot code only where a partition is active and has a boot sector", async () => {
    const stub = Buffer.from(
      'fab800108ed0bc00b0b800008ed88ec0fbbe007cbf0006b90002f3a4ea21060000bebe073804750b83c61081fefe0775f3eb16',
      'hex',
    );
    const vbr = mbrDisk(1, [], bootCode);
    const disk = (active: boolean): Buffer =>
      mbrDisk(4096, [{ type: 'linux', first: 2048, sectors: 2048, active, content: vbr }], stub);
    expect(await findOne(await file(disk(true)))).toMatchObject({ boots: { bios: true } });
    expect(await refusal(await file(disk(false)))).toMatch(
      /^image-not-bootable: .* neither BIOS boot code nor EFI/,
    );
  });

  test('a name with characters that programs give a meaning to', async () => {
    const path = await file(efiDisk(), "a@@1M,b:c 'd' json:{}.qcow2");
    expect(await findOne(path)).toMatchObject({ driver: 'raw', boots: { uefi: ['x86_64'] } });
    const qcow2 = join(await directory(), "a@@1M,b:c 'd' json:{}");
    await execa('qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', path, qcow2]);
    expect(await findOne(qcow2)).toMatchObject({ driver: 'qcow2', boots: { uefi: ['x86_64'] } });
  });
});
