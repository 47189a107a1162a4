import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import {
  clustersOf,
  compress,
  largeDisk,
  ovaMembers,
  sha256,
  tar,
  vma,
  vmdk,
} from '../../../test/archives.ts';
import { directory, efiDisk, legacyDisk, x64 } from '../../../test/images.ts';
import { bootCode, bzImage, gptDisk, iso, mbrDisk } from '../../../test/media.ts';
import { UsageError } from '../../errors.ts';
import { digestFiles } from '../digest.ts';
import { findImages } from '../find.ts';
import type { Image } from '../image.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { openImage, refuseContradiction } from './opened.ts';

let root = '';
beforeEach(async () => {
  root = await directory();
  vi.stubEnv('XDG_CACHE_HOME', join(root, 'cache'));
  await mkdir(join(root, 'images'));
});

interface Opened {
  /** What its beginning said. */
  planned: Image;
  opened: Image;
  /** SHA-256 of the disk inside. */
  disk: string;
}

/** Finds an archive, as listing does, and opens it, as a run does. */
async function open(name: string, content: Buffer, limits: Partial<Limits> = {}): Promise<Opened> {
  const path = join(root, 'images', name);
  await writeFile(path, content);
  const [planned] = await findImages([path]);
  if (planned?.archive === undefined) throw new Error('no archive');
  const [digest] = await digestFiles([path]);
  const { image, release } = await openImage(path, planned.archive, digest?.sha256 ?? '', {
    limits: { ...defaultLimits, ...limits },
  });
  await release();
  refuseContradiction(path, planned, image);
  expect(image.files).toEqual([path]);
  return { planned, opened: image, disk: sha256(await readFile(image.path)) };
}

const disk = legacyDisk();
const large = largeDisk();
const google = (data: Buffer = disk): Promise<Buffer> => tar([{ name: 'disk.raw', data }]);

describe('what is inside of a sound archive is told by its beginning, and is there once it is open', () => {
  test.for(['gzip', 'xz', 'zstd'] as const)('a raw disk, %s', async (compression) => {
    const { planned, opened, disk: digest } = await open('a.img.x', compress[compression](large));
    expect(planned).toMatchObject({
      kind: 'disk',
      driver: 'raw',
      boots: { bios: true },
      archive: { kind: 'compressed', compression },
    });
    expect(opened).toMatchObject({ driver: 'raw', virtualSize: large.length });
    expect(digest).toBe(sha256(large));
  });

  test('several streams one behind the other, as parallel packers write them', async () => {
    const half = large.length / 2;
    const parts = [large.subarray(0, half), large.subarray(half)];
    for (const compression of ['gzip', 'zstd', 'xz'] as const) {
      const bytes = Buffer.concat(parts.map((part) => compress[compression](part)));
      expect((await open(`a.${compression}`, bytes)).disk).toBe(sha256(large));
    }
  });

  test('loaders for UEFI further behind: by the second look, or by opening it', async () => {
    const far = (first: number): Buffer =>
      gptDisk(first + 8192, [{ type: 'esp', first, sectors: 4096, content: x64 }], bootCode);
    for (const first of [2048, 16_384, 65_536]) {
      const { planned } = await open('a.img.gz', compress.gzip(far(first)));
      expect(planned, `sector ${first}`).toMatchObject({ boots: { bios: true, uefi: ['x86_64'] } });
    }
    const media = [
      { platform: 0, content: bootCode },
      ...Array.from({ length: 12 }, () => ({ platform: 1, content: bootCode })),
      { platform: 0xef, content: x64 },
    ];
    const { planned } = await open('a.iso.gz', compress.gzip(iso({ entries: media })));
    expect(planned).toMatchObject({ kind: 'iso', cdrom: { bios: true, uefi: ['x86_64'] } });
  });

  test('a package whose description comes behind its disk', async () => {
    const [described, medium, manifest] = ovaMembers({ disk: vmdk(large, root), capacity: large.length });
    if (described === undefined || medium === undefined || manifest === undefined)
      throw new Error('no members');
    const { planned } = await open('a.ova', await tar([medium, manifest, described]));
    expect(planned).toMatchObject({ driver: 'vmdk', boots: { bios: true }, archive: { kind: 'ova' } });
  });

  test('a disk with UEFI loaders, an ISO', async () => {
    expect((await open('a.img.zst', compress.zstd(efiDisk()))).planned).toMatchObject({
      boots: { bios: false, uefi: ['x86_64'] },
    });
    const medium = iso({ entries: [{ platform: 0, content: bootCode }] });
    expect((await open('a.iso.zst', compress.zstd(medium))).planned).toMatchObject({
      kind: 'iso',
      cdrom: { bios: true },
    });
  });

  test('a qcow2', async () => {
    const [raw, qcow2] = [join(root, 'd.raw'), join(root, 'd.qcow2')];
    await writeFile(raw, large);
    await execa('qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', raw, qcow2]);
    const { planned } = await open('a.qcow2.gz', compress.gzip(await readFile(qcow2)));
    expect(planned).toMatchObject({
      driver: 'qcow2',
      boots: { bios: true, uefi: [] },
      virtualSize: large.length,
    });
  });

  test('a disk of Google Compute Engine, sparse as GNU tar writes it', async () => {
    const raw = join(root, 'disk.raw');
    const sparse = Buffer.alloc(64 << 20);
    disk.copy(sparse);
    for (let at = 1; at < 60; at++) large.copy(sparse, (at << 20) + 4096, 0, 8192);
    await writeFile(raw, sparse);
    await execa('fallocate', ['--dig-holes', raw]);
    await execa('tar', ['-C', root, '-Scf', join(root, 'sparse.tar'), 'disk.raw']);
    const archive = await readFile(join(root, 'sparse.tar'));
    expect(archive.length).toBeLessThan(8 << 20);
    const { planned, opened, disk: digest } = await open('a.raw.tar.gz', compress.gzip(archive));
    expect(planned.archive).toEqual({ kind: 'google-compute', compression: 'gzip' });
    expect(digest).toBe(sha256(sparse));
    expect((await stat(opened.path)).blocks * 512).toBeLessThan(16 << 20);
  });

  test('a VMA archive, with blocks left out', async () => {
    const { planned, disk: digest } = await open('a.vma.zst', compress.zstd(vma({ disk: large })));
    expect(planned).toMatchObject({
      driver: 'raw',
      boots: { bios: true },
      archive: { kind: 'vma', compression: 'zstd' },
    });
    expect(digest).toBe(sha256(large));
    expect((await open('b.vma', vma({ disk }))).disk).toBe(sha256(disk));
    // A device need not end with a block.
    const odd = Buffer.concat([disk, Buffer.alloc(1024, 'x')]);
    expect((await open('c.vma', vma({ disk: odd }))).disk).toBe(sha256(odd));
  });

  test('an OVA and a box', async () => {
    const members = ovaMembers({ disk: vmdk(large, root), capacity: large.length });
    const { planned, opened } = await open('a.ova', await tar(members));
    expect(planned).toMatchObject({ driver: 'vmdk', boots: { bios: true }, archive: { kind: 'ova' } });
    expect(opened).toMatchObject({ driver: 'vmdk', virtualSize: large.length });
    const [described, medium, manifest] = members;
    const box = [
      { name: './', type: 'directory' as const },
      { name: './Vagrantfile', data: 'x' },
      {
        ...manifest,
        name: './m.mf',
        data: `${String(manifest?.data)}SHA256(m.mf)= 00\nSHA256(Vagrantfile)= ${sha256('x')}\n`,
      },
      { ...described, name: './m.ovf' },
      { name: './metadata.json', data: '{"provider":"virtualbox"}' },
      { ...medium, name: './d.vmdk' },
    ];
    expect((await open('a.box', compress.gzip(await tar(box)))).planned.archive).toEqual({
      kind: 'vagrant-box',
      compression: 'gzip',
    });
    expect((await open('plain.box', await tar(box))).planned.archive).toEqual({ kind: 'vagrant-box' });
  });

  test('what was opened once is not opened again', async () => {
    const path = join(root, 'images', 'a.img.gz');
    await open('a.img.gz', compress.gzip(disk));
    const [digest] = await digestFiles([path]);
    const lease = await openImage(path, { kind: 'compressed', compression: 'gzip' }, digest?.sha256 ?? '');
    expect(lease.cached).toBe(true);
  });
});

const noFiles = async (): Promise<void> => {
  expect(await readdir(join(root, 'cache/boot-matrix/opened')).catch(() => [])).toEqual([]);
};

/** How an archive is refused: code and message, its path shortened. */
async function refusal(name: string, content: Buffer, limits?: Partial<Limits>): Promise<string> {
  const error: unknown = await open(name, content, limits).then(
    () => new Error('it was opened'),
    (reason: unknown) => reason,
  );
  expect(error, String(error instanceof Error ? error.stack : error)).toBeInstanceOf(UsageError);
  const { code, message } = error as UsageError;
  expect(message, 'one printable sentence').toMatch(/^[\x20-\x7e…]+\.$/);
  expect(message, 'the file that the user gave').toContain(join(root, 'images', name));
  expect(message).not.toContain('/cache/');
  expect(await readdir(join(root, 'images'))).toEqual([name]);
  await rm(join(root, 'images', name));
  return `${code}: ${message.replaceAll(`${root}/images/`, '')}`;
}

const flip = (bytes: Buffer, at: number): Buffer => {
  const changed = Buffer.from(bytes);
  const index = at < 0 ? bytes.length + at : at;
  changed[index] = (changed[index] ?? 0) ^ 0xff;
  return changed;
};

describe('streams that are broken', () => {
  test.for(['gzip', 'xz', 'zstd'] as const)(
    '%s: cut off, changed, followed by something else',
    async (compression) => {
      const bytes = compress[compression](large);
      const name = `a.img.${compression}`;
      expect(await refusal(name, bytes.subarray(0, -40))).toMatch(
        /^image-damaged: .* a whole \w+-compressed file, got one that is cut off/,
      );
      expect(await refusal(name, bytes.subarray(0, 4000))).toMatch(/^image-damaged: .* cut off/);
      expect(await refusal(name, flip(bytes, bytes.length >> 1))).toMatch(
        /^image-damaged: .* one that cannot be read \(/,
      );
      expect(await refusal(name, Buffer.concat([bytes, Buffer.from('and more')]))).toMatch(
        /^image-damaged: /,
      );
      await noFiles();
    },
  );

  test('one of which next to nothing is there', async () => {
    expect(await refusal('a.img.gz', Buffer.from('1f8b0800', 'hex'))).toMatch(
      /^image-damaged: .* a whole gzip-compressed file, got one that is cut off/,
    );
  });

  test('a checksum that is wrong', async () => {
    // The CRC, and then the length, end a gzip.
    expect(await refusal('a.img.gz', flip(compress.gzip(large), -6))).toMatch(/^image-damaged: .*data check/);
    expect(await refusal('a.img.gz', flip(compress.gzip(large), -2))).toMatch(
      /^image-damaged: .*length check/,
    );
    await noFiles();
  });

  test.for([
    ['a.gz', Buffer.from('1f8b0800', 'hex'), /got a gzip-compressed file, but one that is cut off/],
    ['a.zst', Buffer.from('28b52ffd00', 'hex'), /zstd-compressed file, but one that is cut off/],
    ['a.xz', Buffer.from('fd377a585a0000', 'hex'), /an xz-compressed file, but one that is cut off/],
    [
      'text.gz',
      compress.gzip(Buffer.from('text\n'.repeat(400))),
      /a gzip-compressed file with no disk in it/,
    ],
    [
      'initrd',
      compress.zstd(Buffer.from('070701'.padEnd(600, 'x'))),
      /with a cpio archive, e\.g\. an initrd in it/,
    ],
    // Kernels unpack what stands behind such a one, too.
    [
      'initrd-and-more',
      Buffer.concat([compress.gzip(Buffer.from('070701'.padEnd(200_000, 'x'))), Buffer.from('070701')]),
      /with a cpio archive/,
    ],
    ['kernel.gz', compress.gzip(bzImage()), /a gzip-compressed file with no disk in it/],
  ] as const)('%s holds no disk', async ([name, content, expected]) => {
    const said = await refusal(name, content);
    expect(said).toMatch(/^image-other-kind: /);
    expect(said).toMatch(expected);
  });
});

describe('bombs', () => {
  test('by ratio, before the disk is full', async () => {
    const zeros = Buffer.concat([disk, Buffer.alloc(32 << 20)]);
    expect(await refusal('a.img.gz', compress.gzip(zeros), { unquestioned: 1 << 20, ratio: 10 })).toMatch(
      /^image-damaged: .* an archive of its size that holds a disk, got more than 1048576 bytes/,
    );
    await noFiles();
  });

  test('by size', async () => {
    expect(await refusal('a.img.zst', compress.zstd(large), { bytes: 4 << 20 })).toMatch(
      /got more than 4194304 bytes/,
    );
    expect(await refusal('a.vma', vma({ disk }), { bytes: 1 << 20 })).toMatch(
      /says it has \d+ bytes, which is more than 1048576/,
    );
    await noFiles();
  });

  test('by the number of files', async () => {
    const many = Array.from({ length: 100 }, (_, index) => ({ name: `${index}`, data: 'x' }));
    const members = ovaMembers({ disk: vmdk(disk, root), capacity: disk.length });
    expect(await refusal('a.ova', await tar([...members, ...many]))).toMatch(/got more than 64 files/);
    await noFiles();
  });

  test('by time', async () => {
    expect(await refusal('a.img.xz', compress.xz(large), { seconds: 0.001 })).toMatch(
      /got one that takes more than 0\.001 s/,
    );
    await noFiles();
  });

  test('a gzip in a gzip is none of ours', async () => {
    expect(await refusal('a.img.gz', compress.gzip(compress.gzip(disk)))).toMatch(
      /with a gzip-compressed file in it/,
    );
  });
});

describe('tar archives that lie', () => {
  test.for([
    ['an absolute name', { name: '/etc/x' }, /an archive with \/etc\/x, which leads out of it/],
    ['a name that leads up', { name: 'a/../../x' }, /which leads out of it/],
    [
      'a symbolic link',
      { name: 'l', type: 'symlink', linkname: '/etc/passwd' },
      /with l, which is a symlink/,
    ],
    ['a hard link', { name: 'l', type: 'link', linkname: 'disk.raw' }, /with l, which is a link/],
    ['a character device', { name: 'l', type: 'character-device' }, /with l, which is a character-device/],
    ['a block device', { name: 'l', type: 'block-device' }, /with l, which is a block-device/],
    ['a pipe', { name: 'l', type: 'fifo' }, /with l, which is a fifo/],
  ] as const)('%s', async ([, member, expected]) => {
    const said = await refusal(
      'a.tar.gz',
      compress.gzip(await tar([{ name: 'disk.raw', data: disk }, member])),
    );
    expect(said).toMatch(/^image-unsafe: /);
    expect(said).toMatch(expected);
    await noFiles();
  });

  test('the disk itself is a link', async () => {
    const bytes = await tar([{ name: 'disk.raw', type: 'symlink', linkname: '/etc/passwd' }]);
    expect(await refusal('a.tar.gz', compress.gzip(bytes))).toMatch(
      /^image-unsafe: .* disk\.raw, which is a symlink/,
    );
    await noFiles();
  });

  test('a name twice, and the same behind ./', async () => {
    const twice = [
      { name: 'disk.raw', data: disk },
      { name: './disk.raw', data: Buffer.alloc(disk.length) },
    ];
    expect(await refusal('a.tar.gz', compress.gzip(await tar(twice)))).toMatch(/got two of disk\.raw/);
    await noFiles();
  });

  test('something beside the disk', async () => {
    const bytes = await tar([
      { name: 'disk.raw', data: disk },
      { name: 'more', data: 'x' },
    ]);
    expect(await refusal('a.tar.gz', compress.gzip(bytes))).toMatch(
      /with disk\.raw and nothing else, got one with more/,
    );
    await noFiles();
  });

  test('cut off in a file, at any byte or between blocks', async () => {
    const bytes = await google(large);
    for (const length of [10 << 20, (10 << 20) + 100, bytes.length - 1024 - 512]) {
      expect(await refusal('a.tar.gz', compress.gzip(bytes.subarray(0, length)))).toMatch(/^image-damaged: /);
      await noFiles();
    }
  });

  test('something behind its end', async () => {
    const bytes = Buffer.concat([await google(), Buffer.from('more'.repeat(200))]);
    expect(await refusal('a.tar.gz', compress.gzip(bytes))).toMatch(
      /ends with zeros, got one that is cut off, or has something behind its end/,
    );
    await noFiles();
  });

  test('a size that overflows', async () => {
    const bytes = await google();
    const header = bytes.subarray(0, 512);
    // GNU's binary form of numbers that octal digits have no room for.
    header.fill(0xff, 124, 136);
    header.writeUInt8(0x80, 124);
    header.fill(' ', 148, 156);
    header.write(
      `${header
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
      'latin1',
    );
    expect(await refusal('a.tar.gz', compress.gzip(bytes))).toMatch(/^image-damaged: /);
    await noFiles();
  });

  test('a header whose sum is wrong is no tar', async () => {
    expect(await refusal('a.tar.gz', compress.gzip(flip(await google(), 100)))).toMatch(
      /^image-other-kind: /,
    );
  });

  test('a list of files of the host, as libarchive knows them, is no tar', async () => {
    const bytes = await google();
    bytes.write('#mtree\ndisk.raw type=file contents=/etc/hostname\n', 0, 'latin1');
    expect(await refusal('a.tar.gz', compress.gzip(bytes))).toMatch(/^image-other-kind: /);
  });

  test('a disk that is none', async () => {
    expect(await refusal('a.tar.gz', compress.gzip(await google(Buffer.alloc(1 << 20))))).toMatch(
      /^image-not-bootable: .* starts blank/,
    );
  });
});

describe('packages that lie', () => {
  const members = (change: Partial<Parameters<typeof ovaMembers>[0]>) =>
    ovaMembers({ disk: vmdk(disk, root), capacity: disk.length, ...change });

  test.for([
    [
      'another digest',
      { list: (text: string) => text.replace(/[0-9a-f]{64}$/m, '0'.repeat(64)) },
      /other bytes in m\.ovf than its SHA256 says/,
    ],
    [
      'a digest of nothing',
      { list: (text: string) => `${text}SHA256(gone)= 00\n` },
      /a digest of gone, which is not there/,
    ],
    [
      'no digest of the disk',
      { list: (text: string) => text.split('\n')[0] ?? '' },
      /got one without d\.vmdk/,
    ],
    [
      'a line that is none',
      { list: (text: string) => `${text}MD5(m.ovf)= 00\n` },
      /got the line MD5\(m\.ovf\)= 00/,
    ],
    [
      'a disk outside',
      { describe: (text: string) => text.replace('href="d.vmdk"', 'href="../../etc/passwd"') },
      /^image-unsafe: .* an OVF whose disk is \.\.\/\.\.\/etc\/passwd/,
    ],
    [
      'a disk on the network',
      { describe: (text: string) => text.replace('href="d.vmdk"', 'href="http://x/d.vmdk"') },
      /^image-unsafe: .* outside of the archive/,
    ],
    [
      'a disk that is not there',
      { describe: (text: string) => text.replace('href="d.vmdk"', 'href="e.vmdk"') },
      /the disk e\.vmdk that the OVF names, got none/,
    ],
    [
      'another size of its file',
      { describe: (text: string) => text.replace(/ovf:size="\d+"/, 'ovf:size="7"') },
      /a disk of 7 bytes, as the OVF says/,
    ],
    ['another capacity', { capacity: 7 << 20 }, /a disk of 7340032 bytes, as the OVF says, got 2097152/],
    [
      'a capacity that overflows',
      { describe: (text: string) => text.replace(/capacity="\d+"/, 'capacity="99999999999999999999"') },
      /a disk of 9+/,
    ],
    [
      'an unknown unit',
      {
        describe: (text: string) =>
          text.replace('ovf:diskId', 'ovf:capacityAllocationUnits="furlong" ovf:diskId'),
      },
      /a disk of 2097152 furlong/,
    ],
    [
      'two disks',
      { describe: (text: string) => text.replace(/<Disk .*\/>/, '$&$&') },
      /^image-not-bootable: .* an OVF with 2 disks/,
    ],
    ['no disk', { describe: (text: string) => text.replace(/<Disk .*\/>/, '') }, /one without a disk/],
    ['no XML', { describe: () => '<Envelope><x></Envelope>' }, /got no XML/],
    [
      'entities',
      {
        describe: (text: string) =>
          text
            .replace('<Envelope', '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><Envelope')
            .replace('href="d.vmdk"', 'href="&a;"'),
      },
      /^image-/,
    ],
    [
      'other firmware',
      { describe: (text: string) => text.replace('<References>', '<Firmware type="EFI"/><References>') },
      /a vmdk disk that starts by x86_64 UEFI, as its OVF says, got a vmdk disk that starts by BIOS once it was opened/,
    ],
  ] as const)('%s', async ([, change, expected]) => {
    expect(await refusal('a.ova', await tar(members(change)))).toMatch(expected);
  });

  test('two descriptions', async () => {
    const [first, ...others] = members({});
    expect(
      await refusal(
        'a.ova',
        await tar([{ ...first, name: 'm.ovf' }, ...others, { ...first, name: 'n.ovf' }]),
      ),
    ).toMatch(/an archive with one OVF, got 2/);
    await noFiles();
  });

  test('a disk that continues in a file of the host', async () => {
    const flat = Buffer.from(
      '# Disk DescriptorFile\nversion=1\nCID=fffffffe\nparentCID=ffffffff\ncreateType="monolithicFlat"\nRW 2048 FLAT "/etc/passwd" 0\n',
    );
    expect(await refusal('a.ova', await tar(members({ disk: flat })))).toMatch(
      /^image-unsafe: .*\(d\.vmdk inside\).* a vmdk descriptor with the line/,
    );
    await noFiles();
  });
});

describe('VMA archives that lie', () => {
  test.for([
    ['another version', { header: (bytes: Buffer) => bytes.writeUInt32BE(2, 4) }, /got version 2, not 1/],
    [
      'a header without end',
      { header: (bytes: Buffer) => bytes.writeUInt32BE(0xffff_fe00, 56) },
      /a header of 4294966784 bytes/,
    ],
    [
      'a buffer outside of its header',
      { header: (bytes: Buffer) => bytes.writeUInt32BE(0xffff, 52) },
      /a buffer of names that is not in its header/,
    ],
    [
      'a name outside of its buffer',
      { header: (bytes: Buffer) => bytes.writeUInt32BE(511, 4128) },
      /a name that is not in its header/,
    ],
    ['no device', { header: (bytes: Buffer) => bytes.fill(0, 4096, 12_288) }, /one without a device/],
    [
      'two devices of one name',
      { header: (bytes: Buffer) => void bytes.copy(bytes, 4160, 4128, 4160) },
      /two devices of one name/,
    ],
    [
      'a device of all bytes that there are',
      { header: (bytes: Buffer) => bytes.fill(0xff, 4136, 4144) },
      /a device of 18446744073709551615 bytes/,
    ],
    [
      'no disk among its devices',
      { device: 'drive-efidisk0' },
      /^image-not-bootable: .* a VMA archive without a disk/,
    ],
    [
      'an extent of another archive',
      { extent: (bytes: Buffer) => bytes.fill(0, 8, 24) },
      /an extent of another archive/,
    ],
    [
      'other blocks than it says',
      { extent: (bytes: Buffer) => bytes.writeUInt16BE(7, 6) },
      /another number of blocks than it says/,
    ],
    [
      'a device that it has not',
      { extent: (bytes: Buffer) => bytes.writeUInt8(9, 43) },
      /an extent of device 9/,
    ],
    [
      'a cluster behind the end',
      { clusters: (all) => all.map((one) => ({ ...one, number: one.number + 1000 })) },
      /cluster 1000 of drive-virtio0, which ends before it/,
    ],
    [
      'a cluster twice',
      { clusters: (all) => all.map((one) => ({ ...one, number: 0 })) },
      /cluster 0 of drive-virtio0 twice/,
    ],
    ['a cluster too few', { clusters: (all) => all.slice(0, -1) }, /one without 1 clusters of drive-virtio0/],
    [
      'blocks behind the end',
      {
        size: disk.length - 61_440,
        clusters: () => clustersOf(Buffer.concat([disk.subarray(0, -1), Buffer.from('x')])),
      },
      /blocks behind the end of drive-virtio0/,
    ],
  ] as const satisfies readonly (readonly [string, Partial<Parameters<typeof vma>[0]>, RegExp])[])(
    '%s',
    async ([, change, expected]) => {
      expect(await refusal('a.vma', vma({ disk, ...change }))).toMatch(expected);
      await noFiles();
    },
  );

  test('checksums that do not match', async () => {
    const bytes = vma({ disk });
    expect(await refusal('a.vma', flip(bytes, 24))).toMatch(/a header that does not match its checksum/);
    expect(await refusal('a.vma', flip(bytes, 12_800 + 300))).toMatch(
      /an extent that does not match its checksum/,
    );
    expect(await refusal('a.vma', flip(bytes, 12_800))).toMatch(/something that is no extent/);
  });

  test('cut off, or with something behind its end', async () => {
    const bytes = vma({ disk: large });
    for (const length of [60, 12_500, 13_000, 13_400, bytes.length - 10])
      expect(await refusal('a.vma', bytes.subarray(0, length))).toMatch(
        /^image-damaged: .* one that ends in/,
      );
    expect(await refusal('a.vma', Buffer.concat([bytes, Buffer.from('x')]))).toMatch(
      /one that ends in an extent/,
    );
    await noFiles();
  });
});

describe('what its beginning says and what it is', () => {
  test('a contradiction names both', async () => {
    // Its name says what only its end could: what U-Boot would start is for another machine, or not there.
    const card = mbrDisk(40_000, [{ type: 'linux', first: 38_000, sectors: 2000, active: true }]);
    expect(await refusal('sd-x86_64.img.gz', compress.gzip(Buffer.concat([card, large])))).toMatch(
      /^image-not-bootable: .* neither BIOS boot code nor/,
    );
  });
});
