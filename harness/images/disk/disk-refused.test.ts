import { readFile, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { directory, efiDisk, file, findOne, legacyDisk, refusal } from '../../../test/images.ts';
import { mbrDisk } from '../../../test/media.ts';

describe('disks that are refused', () => {
  const qcow2 = async (...options: string[]): Promise<string> => {
    const raw = await file(efiDisk());
    await execa('qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', ...options, raw, `${raw}.qcow2`]);
    return `${raw}.qcow2`;
  };

  test('a backing file', async () => {
    const path = await qcow2();
    const overlay = `${path}.overlay`;
    await execa('qemu-img', ['create', '-f', 'qcow2', '-b', path, '-F', 'qcow2', overlay]);
    expect(await refusal(overlay)).toMatch(
      /^image-unsafe: .* got a qcow2 that continues in a backing file \(.*image.qcow2\); make it one file/,
    );
  });

  test('an external data file', async () => {
    const path = await qcow2();
    const data = join(await directory(), 'data');
    await execa('qemu-img', [
      'create',
      '-f',
      'qcow2',
      '-o',
      `data_file=${data},data_file_raw=on`,
      `${path}.x`,
      '1M',
    ]);
    expect(await refusal(`${path}.x`)).toMatch(/^image-unsafe: .* external file/);
  });

  test('an encrypted qcow2', async () => {
    const path = await qcow2();
    const content = await readFile(path);
    content.writeUInt32BE(2, 32);
    await writeFile(path, content);
    expect(await refusal(path)).toMatch(/^image-not-bootable: .* got an encrypted qcow2; decrypt it first/);
  });

  test.for([
    [0, 'a qcow2 with lazy reference counts that is marked as dirty'],
    [1, 'a qcow2 that QEMU marked as corrupt'],
  ] as const)('a qcow2 with bit %i of its incompatible features', async ([bit, got]) => {
    const path = await qcow2();
    const content = await readFile(path);
    content.writeUInt32BE(1 << bit, 76);
    await writeFile(path, content);
    expect(await refusal(path)).toBe(
      `image-not-closed: image.qcow2: expected an image that was closed in order, got ${got}; mend it: qemu-img check -r all -f qcow2.`,
    );
    await execa('qemu-img', ['check', '-r', 'all', '-f', 'qcow2', path], { reject: false });
    expect(await findOne(path)).toMatchObject({ driver: 'qcow2' });
  });

  test.for(['raw', 'qcow2', 'vmdk', 'vhdx', 'vdi', 'vpc'])(
    'a %s that another process has open to write',
    async (driver) => {
      const raw = await file(efiDisk());
      const path = `${raw}.${driver}`;
      await execa('qemu-img', ['convert', '-f', 'raw', '-O', driver, raw, path]);
      const other = execa('qemu-io', ['-f', driver, path], { stdin: 'pipe', buffer: false });
      await new Promise((resolve) => other.stdout.once('data', resolve));
      expect(await refusal(path)).toMatch(/^image-in-use: .* got one that another process has open/);
      other.stdin.end('quit\n');
      await other;
      expect(await findOne(path)).toMatchObject({ driver });
    },
  );

  test('a fixed VHD that lacks what its footer counts', async () => {
    const raw = await file(legacyDisk());
    const path = `${raw}.vhd`;
    await execa('qemu-img', ['convert', '-f', 'raw', '-O', 'vpc', '-o', 'subformat=fixed', raw, path]);
    const content = await readFile(path);
    await writeFile(path, Buffer.concat([content.subarray(0, 1 << 20), content.subarray(-512)]));
    expect(await refusal(path)).toMatch(
      /^image-damaged: image.vhd: expected a VHD of \d+ bytes, as its footer says, got 1049088: it is truncated/,
    );
  });

  test.for([
    [
      0,
      /^image-damaged: image.vhd: expected a VHD with its footer at its end, got none there: it is truncated/,
    ],
    [4, /^image-unsafe: image.vhd: .* a differencing VHD, which continues in a parent/],
  ] as const)('a dynamic VHD without its last sector, of type %i at its start', async ([type, refused]) => {
    const raw = await file(legacyDisk());
    const path = `${raw}.vhd`;
    await execa('qemu-img', ['convert', '-f', 'raw', '-O', 'vpc', raw, path]);
    const content = await readFile(path);
    if (type > 0) content.writeUInt32BE(type, 60);
    await writeFile(path, content.subarray(0, -512));
    expect(await refusal(path)).toMatch(refused);
  });

  test.for([
    ['RW 2048 FLAT "/etc/shadow" 0', /^image-unsafe: .* line RW 2048 FLAT "\/etc\/shadow" 0/],
    ['RW 2048 FLAT "../x" 0', /^image-unsafe: .* line RW/],
    ['RW 2048 SPARSE "x.vmdk"', /^image-unsafe: .* line RW/],
    ['RW 2048 FLAT "link" 0', /^image-unsafe: .* extent link is no regular file beside it/],
    [
      'RW 2048 FLAT "short" 0',
      /^image-damaged: .* expected 1048576 bytes in its extent short, got 3: it is truncated/,
    ],
    ['RW 2048 FLAT "nbd:x" 0', /^image-unsafe: .* line RW/],
    ['RW 6 FLAT "short" 0\nRW\n8 FLAT "/etc/shadow" 0', /^image-unsafe: .* line RW;/],
    ['# parentFileNameHint="x"\nRW 6 FLAT "short" 0', /^image-unsafe: .* parent \(x\)/],
    [`RW 0 FLAT "short" 0\n${'#\n'.repeat(11_000)}`, /^image-unsafe: .* a vmdk descriptor of 2\d+ bytes/],
    ['parentCID=12345678\nRW 2048 FLAT "short" 0', /^image-unsafe: .* parent \(CID 12345678\)/],
    ['', /^image-damaged: .* names none/],
  ] as const)('a vmdk descriptor with %s', async ([extent, expected]) => {
    const path = await file(`# Disk DescriptorFile\nversion=1\ncreateType="monolithicFlat"\n${extent}\n`);
    await writeFile(join(path, '..', 'short'), 'abc');
    await symlink('/etc/hostname', join(path, '..', 'link'));
    expect(await refusal(path)).toMatch(expected);
  });

  test('a qcow2 with nothing but a file system in it', async () => {
    const ext4 = Buffer.alloc(1 << 20);
    ext4.writeUInt16LE(0xef53, 1080);
    const raw = await file(ext4);
    await execa('qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', raw, `${raw}.qcow2`]);
    expect(await refusal(`${raw}.qcow2`)).toMatch(/^image-not-bootable: .* a bare ext2/);
  });

  test.for([
    ['has the line ends of Windows', '\r\n', ''],
    ['was longer once', '\n', `\0\n${'\0'.repeat(99)}`],
  ] as const)('a flat vmdk whose descriptor %s is taken', async ([, newline, rest]) => {
    const lines = ['# Disk DescriptorFile', 'version=1', 'CID=1', 'parentCID=ffffffff', '', '# Extents'];
    const more = ['createType="monolithicFlat"', 'RW 4096 FLAT "flat.img" 0', ''];
    const path = await file([...lines, ...more].join(newline) + rest);
    await writeFile(join(path, '..', 'flat.img'), legacyDisk());
    expect(await findOne(path)).toMatchObject({ kind: 'disk', driver: 'vmdk' });
  });

  test('a sparse vmdk that continues in a parent, wherever its header says that its descriptor is', async () => {
    const raw = await file(legacyDisk());
    await execa('qemu-img', ['convert', '-f', 'raw', '-O', 'vmdk', raw, `${raw}.vmdk`]);
    const child = `${raw}.child.vmdk`;
    await execa('qemu-img', ['create', '-f', 'vmdk', '-b', `${raw}.vmdk`, '-F', 'vmdk', child]);
    const content = await readFile(child);
    expect(await refusal(child)).toMatch(/^image-unsafe: .* a parent \(.*image.vmdk\)/);
    content.writeBigUInt64LE(0n, 28);
    await writeFile(child, content);
    expect(await refusal(child)).toMatch(/^image-unsafe: .* a parent \(.*image.vmdk\)/);
  });

  test.for(['qcow2', 'vmdk', 'vhdx', 'vdi', 'vpc'])('a truncated %s', async (driver) => {
    const raw = await file(Buffer.concat([efiDisk(), Buffer.alloc(8 << 20, 'x')]));
    const path = `${raw}.${driver}`;
    await execa('qemu-img', ['convert', '-f', 'raw', '-O', driver, raw, path]);
    const { length } = await readFile(path);
    await truncate(path, Math.floor(length * 0.7));
    expect(await refusal(path)).toMatch(
      /^image-damaged: image\.\w+: expected a .*(truncated|after the end|end of the file)/i,
    );
  });

  test.for([1, 512, 65_536, 65_537])('a qcow2 whose last %i bytes of data are missing', async (missing) => {
    const raw = await file(Buffer.concat([legacyDisk(), Buffer.alloc(1 << 20, 'x')]));
    const path = `${raw}.qcow2`;
    await execa('qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', raw, path]);
    await truncate(path, (await readFile(path)).length - missing);
    expect(await refusal(path)).toMatch(/^image-damaged: .*truncated/);
  });

  test('a qcow2 cut within its header', async () => {
    const path = await qcow2();
    await truncate(path, 60);
    expect(await refusal(path)).toMatch(/^image-damaged: /);
  });

  test('a truncated raw disk with GPT, and with MBR', async () => {
    const gpt = await file(efiDisk().subarray(0, 7000 * 512));
    expect(await refusal(gpt)).toBe(
      'image-damaged: image: expected a disk image with a sound partition table, got 3584000 bytes where its partition table needs 4194304: it is truncated; build or download it again.',
    );
    expect(await refusal(await file(legacyDisk().subarray(0, 3000 * 512)))).toMatch(
      /^image-damaged: .*truncated/,
    );
  });

  test('a GPT that does not match its checksum, one that is missing, one for large sectors', async () => {
    const broken = efiDisk();
    broken.writeUInt8(7, 512 + 48);
    expect(await refusal(await file(broken))).toMatch(/^image-damaged: .* checksum/);
    const missing = efiDisk();
    missing.fill(0, 512, 1024);
    expect(await refusal(await file(missing))).toMatch(/^image-damaged: .* protective MBR without a GPT/);
    missing.write('EFI PART', 4096);
    expect(await refusal(await file(missing))).toMatch(/^image-damaged: .* sectors of 4096 bytes/);
  });

  test('a disk that nothing boots', async () => {
    expect(await refusal(await file(mbrDisk(4096, [{ type: 'linux', first: 2048, sectors: 2048 }])))).toMatch(
      /^image-not-bootable: .* got a partitioned disk with neither/,
    );
    expect(await refusal(await file(Buffer.alloc(1 << 20)))).toMatch(/^image-not-bootable: .* starts blank/);
    const ext4 = Buffer.alloc(1 << 20);
    ext4.writeUInt16LE(0xef53, 1080);
    expect(await refusal(await file(ext4))).toMatch(
      /^image-other-kind: .* got a bare ext2, ext3 or ext4 file system/,
    );
  });
});

test('a VHD that was grown after its footer was written', async () => {
  expect(await refusal(await file(legacyDisk(), 'nixos.vhd'))).toMatch(
    /^image-damaged: nixos\.vhd: expected a VHD with its footer at its end, got none there/,
  );
});
