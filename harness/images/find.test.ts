import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { directory, efiDisk, file, legacyDisk, refusal } from '../../test/images.ts';
import { bootCode, iso } from '../../test/media.ts';
import { findImages } from './find.ts';

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
    await writeFile(join(root, 'b.iso.zst'), Buffer.from('28b52ffd00', 'hex'));
    const ignored: string[] = [];
    expect(await findImages([root], { onIgnored: ({ message }) => ignored.push(message) })).toHaveLength(1);
    expect(ignored).toEqual([
      expect.stringContaining('b.iso.zst: expected an image that a machine can boot, got a zstd'),
    ]);
    await writeFile(join(root, 'c.qcow2'), 'no image');
    expect(await refusal(root)).toMatch(/^image-unknown: c\.qcow2/);
  });

  test.for([
    ['a blank disk', 'b.img', Buffer.alloc(1 << 20), /starts blank/],
    ['an ISO that nothing boots', 'b.iso', iso({}), /ISO without boot entries/],
    ['an ISO that is compressed', 'b.iso', Buffer.from('1f8b0800', 'hex'), /gzip-compressed/],
  ] as const)('fail on %s beside a good image', async ([, name, content, expected]) => {
    const root = await directory();
    await writeFile(join(root, 'a.img'), legacyDisk());
    await writeFile(join(root, name), content);
    expect(await refusal(root)).toMatch(expected);
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
