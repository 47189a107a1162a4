import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { tar } from '../../test/archives.ts';
import { directory, efiDisk, file, legacyDisk, refusal } from '../../test/images.ts';
import { bootCode, iso } from '../../test/media.ts';
import { findImages } from './find.ts';
import type { Release } from './release/release.ts';

describe('directories', () => {
  test('are searched in byte order through symbolic links, each image once', async () => {
    const root = await directory();
    const store = await directory();
    await mkdir(join(store, 'iso'));
    await writeFile(join(store, 'iso', 'nixos.iso'), iso({ entries: [{ platform: 0, content: bootCode }] }));
    await symlink(store, join(root, 'result'));
    await symlink(store, join(root, 'result-again'));
    await symlink(root, join(store, 'loop'));
    await writeFile(join(root, 'Z.img'), legacyDisk());
    await writeFile(join(root, 'a.img'), efiDisk());
    await writeFile(join(root, 'SHA256SUMS'), 'abc  a.img\n');
    await writeFile(join(root, '.hidden.img'), 'no image');
    await symlink(join(root, 'gone'), join(root, 'dangling'));
    const images = await findImages([root, join(root, 'a.img'), join(store, 'iso')]);
    expect(images.map(({ path }) => path)).toEqual([
      join(root, 'Z.img'),
      join(root, 'a.img'),
      join(root, 'result/iso/nixos.iso'),
    ]);
  });

  test('tell of archives beside images, and fail on a broken image beside good ones', async () => {
    const root = await directory();
    await writeFile(join(root, 'a.img'), legacyDisk());
    await writeFile(
      join(root, 'b.tar.zst'),
      zstdCompressSync(await tar([{ name: 'etc/hostname', data: 'x' }])),
    );
    const ignored: string[] = [];
    expect(await findImages([root], { onIgnored: ({ message }) => ignored.push(message) })).toHaveLength(1);
    expect(ignored).toEqual([
      expect.stringContaining(
        'b.tar.zst: expected an image that a machine can boot, got a zstd-compressed tar archive without a disk',
      ),
    ]);
    await writeFile(join(root, 'c.qcow2'), 'no image');
    expect(await refusal(root)).toMatch(/^image-unknown: c\.qcow2/);
  });

  test.for([
    ['a blank disk', 'b.img', Buffer.alloc(1 << 20), /starts blank/],
    ['an ISO that nothing boots', 'b.iso', iso({}), /ISO without boot entries/],
    ['an ISO that is compressed and broken', 'b.iso', Buffer.from('1f8b0800', 'hex'), /gzip-compressed/],
    ['a compressed ISO that is broken', 'b.iso.zst', Buffer.from('28b52ffd00', 'hex'), /zstd-compressed/],
    ['an OVA that is none', 'b.ova', Buffer.from('text'), /got text/],
  ] as const)('fail on %s beside a good image', async ([, name, content, expected]) => {
    const root = await directory();
    await writeFile(join(root, 'a.img'), legacyDisk());
    await writeFile(join(root, name), content);
    expect(await refusal(root)).toMatch(expected);
  });

  /** A path of bytes that are no UTF-8: `fär` in Latin-1. */
  const notUtf8 = (root: string, suffix: string): Buffer =>
    Buffer.concat([Buffer.from(`${root}/f`), Buffer.from([0xe4]), Buffer.from(`r${suffix}`)]);

  test('what is not read is told in a line', async () => {
    const root = await directory();
    await writeFile(join(root, 'a.img'), legacyDisk());
    await writeFile(join(root, 'SHA256SUMS'), 'abc  a.img\n');
    await writeFile(join(root, '.b.img'), 'no image');
    await mkdir(join(root, '.git'));
    await writeFile(notUtf8(root, '.txt'), 'text');
    await symlink('gone', join(root, 'result'));
    await symlink('itself', join(root, 'itself'));
    await execa('mkfifo', [join(root, 'pipe')]);
    const ignored: string[] = [];
    const releases: Release[] = [];
    await findImages([root], {
      onRelease: (release) => releases.push(release),
      onIgnored: ({ message }) => ignored.push(message.replaceAll(root, '<root>')),
    });
    expect(ignored).toEqual([
      '<root>/f\ufffdr.txt: expected a file that can be read, got a name that is not UTF-8; rename it.',
      '<root>/itself: expected a file that can be read, got a symbolic link that leads to nothing; remove it, or build its target again.',
      '<root>/pipe: expected a file that can be read, got a named pipe; remove it.',
      '<root>/result: expected a file that can be read, got a symbolic link that leads to nothing; remove it, or build its target again.',
      '<root>: 2 that are no images (.b.img, .git).',
    ]);
    // A list of digests is no image, and is not passed over.
    expect(releases).toMatchObject([{ directory: root, lists: [join(root, 'SHA256SUMS')], isWhole: true }]);
  });

  test.for([
    ['a name that is not UTF-8', (root: string) => writeFile(notUtf8(root, '.qcow2'), 'text')],
    ['a name that is not UTF-8', (root: string) => mkdir(notUtf8(root, ''))],
    ['a name that is not UTF-8', (root: string) => symlink('gone', notUtf8(root, '.ISO'))],
    ['a symbolic link that leads to nothing', (root: string) => symlink('gone', join(root, 'b.iso'))],
    ['a symbolic link that leads to nothing', (root: string) => symlink('b.img', join(root, 'b.img'))],
    ['a named pipe', (root: string) => execa('mkfifo', [join(root, 'b.raw')])],
    ['a device', (root: string) => symlink('/dev/null', join(root, 'b.vmdk'))],
    [
      'a socket',
      (root: string) =>
        new Promise((resolve) => {
          const server = createServer()
            .unref()
            .listen(join(root, 'b.vhd'), () => resolve(server));
        }),
    ],
  ] as const)('fail on %s that may be an image', async ([got, make]) => {
    const root = await directory();
    await writeFile(join(root, 'a.img'), legacyDisk());
    await make(root);
    expect(await refusal(root)).toMatch(
      new RegExp(`^image-not-looked-at: .*: expected a file that can be read, got ${got};`),
    );
  });

  test('keep apart files whose names become the same as text', async () => {
    const [root, store] = [await directory(), await directory()];
    for (const [index, byte] of [0xe4, 0xfc].entries()) {
      const target = Buffer.concat([Buffer.from(`${store}/`), Buffer.from([byte])]);
      await writeFile(target, legacyDisk());
      await symlink(target, join(root, `${index}.img`));
    }
    expect(await findImages([root])).toHaveLength(2);
  });

  test('tell every broken image of a call, a line each', async () => {
    const root = await directory();
    await writeFile(join(root, 'a.img'), legacyDisk());
    await writeFile(join(root, 'b.qcow2'), 'no image');
    await writeFile(join(root, 'c.iso'), '');
    const other = await file('text', 'd.vdi');
    const error: unknown = await findImages([join(root, 'b.qcow2'), root, '/gone.iso', other]).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: 'images-refused' });
    expect(String(error).replaceAll(root, '<root>').split('\n')).toEqual([
      expect.stringContaining('<root>/b.qcow2: expected a disk image, an ISO or a netboot set, got text'),
      expect.stringContaining(
        '<root>/c.iso: expected a disk image, an ISO or a netboot set, got an empty file',
      ),
      expect.stringContaining(
        '/gone.iso: expected an image or a directory of images, got nothing of that name',
      ),
      expect.stringContaining('d.vdi: expected a disk image, an ISO or a netboot set, got text'),
    ]);
  });

  test('are searched as deep as a build leaves images, and refused beyond', async () => {
    const root = await directory();
    const deep = join(root, '1/2/3/4/5');
    await mkdir(deep, { recursive: true });
    await writeFile(join(deep, 'a.img'), legacyDisk());
    await symlink('itself', join(root, 'itself'));
    expect(await findImages([root])).toHaveLength(1);
    await mkdir(join(deep, '6'));
    expect(await refusal(root)).toMatch(
      /^too-many-files: .* got one with directories more than 5 levels down; give a directory closer/,
    );
  });

  test('without an image say so', async () => {
    const root = await directory();
    expect(await refusal(root)).toMatch(/^image-none: .* got no files; build the image first/);
    await writeFile(join(root, 'README'), 'text');
    expect(await refusal(root)).toMatch(/got 1 files? that (is|are) none \(README\)/);
    await writeFile(join(root, 'system.tar.xz'), Buffer.from('fd377a585a0000', 'hex'));
    expect(await refusal(root)).toMatch(/^image-other-kind: system\.tar\.xz: .* xz-compressed/);
  });

  test('the extent of a flat vmdk is no image of its own', async () => {
    const root = await directory();
    const raw = await file(legacyDisk());
    await execa('qemu-img', [
      'convert',
      '-f',
      'raw',
      '-O',
      'vmdk',
      '-o',
      'subformat=monolithicFlat',
      raw,
      join(root, 'z.vmdk'),
    ]);
    expect((await findImages([root])).map(({ path }) => basename(path))).toEqual(['z.vmdk']);
  });

  test('nor are the extents of one that is split, of which only the first starts like a disk', async () => {
    const root = await directory();
    await writeFile(join(root, 'x-f001.vmdk'), legacyDisk());
    await writeFile(join(root, 'x-f002.vmdk'), Buffer.alloc(1 << 20, '\x01\xfe\x80', 'latin1'));
    const extents = [1, 2].map((part) => `RW 2048 FLAT "x-f00${part}.vmdk" 0\n`).join('');
    await writeFile(
      join(root, 'x.vmdk'),
      `# Disk DescriptorFile\nversion=1\nCID=fffffffe\nparentCID=ffffffff\ncreateType="twoGbMaxExtentFlat"\n${extents}`,
    );
    expect((await findImages([root])).map(({ path }) => basename(path))).toEqual(['x.vmdk']);
  });
});
