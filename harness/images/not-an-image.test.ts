import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { directory, file, refusal } from '../../test/images.ts';
import { bzImage } from '../../test/media.ts';

describe('what is no image', () => {
  test.for([
    [
      'text',
      'this is text\n',
      /^image-unknown: image\.qcow2: expected a disk image, .* got text; give the path of a built image\.$/,
    ],
    ['an empty file', '', /^image-unknown: .* got an empty file/],
    ['noise', Buffer.alloc(4096, '\x01\xfe\x80', 'latin1'), /^image-unknown: .* got data of an unknown kind/],
    ['a short file', Buffer.from([0xff]), /^image-unknown: /],
    [
      'gzip',
      Buffer.from('1f8b0800', 'hex'),
      /^image-other-kind: .* got a gzip-compressed file, but one that is cut off/,
    ],
    ['zstd', Buffer.from('28b52ffd00', 'hex'), /^image-other-kind: .* zstd/],
    ['xz', Buffer.from('fd377a585a0000', 'hex'), /^image-other-kind: .* xz/],
    ['VMA', 'VMA\0\0\0\0\x01', /^image-damaged: .* a whole VMA archive, got one that ends in its header/],
    ['squashfs', 'hsqs', /^image-other-kind: .* squashfs/],
    ['a kernel', bzImage(), /^image-other-kind: .* kernel or EFI program on its own/],
  ] as const)('%s', async ([, content, expected]) => {
    expect(
      await refusal(await file(Buffer.isBuffer(content) ? content : Buffer.from(content), 'image.qcow2')),
    ).toMatch(expected);
  });

  test.for([
    ['box.ovf', /expected an OVF that describes a machine, got no XML/],
    ['manifest.json', /got a docker-archive container image; run it as a container/],
    ['oci-layout', /got an OCI container image/],
    ['disk.raw', /got a file with no disk in it/],
    ['etc/hostname', /got a tar archive without a disk that is known/],
  ] as const)('a tar with %s', async ([member, expected]) => {
    const path = await directory();
    const target = join(path, member);
    await mkdir(join(target, '..'), { recursive: true });
    await writeFile(target, 'x'.repeat(700));
    await writeFile(join(path, 'first'), 'y'.repeat(600));
    await execa('tar', ['cf', join(path, 't.tar'), '-C', path, 'first', member]);
    expect(await refusal(join(path, 't.tar'))).toMatch(expected);
  });

  test('missing, neither file nor directory', async () => {
    expect(await refusal('/nonexistent/x')).toMatch(
      /^image-missing: x: expected an image or a directory of images, got nothing of that name/,
    );
    expect(await refusal('/dev/null')).toMatch(/^image-unknown: .* neither a file nor a directory/);
  });
});
