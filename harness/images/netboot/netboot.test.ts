import { rename, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { directory, refusal } from '../../../test/images.ts';
import { bzImage, netbootSet } from '../../../test/media.ts';
import { findImages } from '../find.ts';

describe('netboot sets', () => {
  test('are found by directory and by script', async () => {
    const root = await directory();
    await netbootSet(
      root,
      '#!ipxe\n# comment\nset base https://example.org/latest\nimgfree\nkernel ${base}/bzImage?x=1 init=/init initrd=initrd ${cmdline}\ninitrd --name initrd https://example.org/latest/initrd\nboot\n',
    );
    const expected = {
      kind: 'netboot',
      path: root,
      files: ['bzImage', 'initrd', 'netboot.ipxe'].map((name) => join(root, name)),
      arch: 'x86_64',
      kernel: join(root, 'bzImage'),
      initrd: join(root, 'initrd'),
      initrdSize: (3 << 20) + 6,
      script: join(root, 'netboot.ipxe'),
    };
    expect(await findImages([root])).toEqual([expected]);
    expect(await findImages([join(root, 'netboot.ipxe')])).toEqual([expected]);
  });

  test('memory is for each initrd once, however many entries of a menu name it', async () => {
    const root = await directory();
    await netbootSet(
      root,
      '#!ipxe\n:a\nkernel bzImage\ninitrd initrd\nboot\n:b\nkernel bzImage b\ninitrd initrd\nboot\n',
    );
    expect(await findImages([root])).toMatchObject([{ initrdSize: (3 << 20) + 6 }]);
  });

  test('a script that is longer than any', async () => {
    const root = await directory();
    await netbootSet(root, `#!ipxe\nkernel bzImage\ninitrd initrd\n${'#\n'.repeat(1 << 19)}`);
    expect(await refusal(root)).toMatch(
      /^image-damaged: .* an iPXE script of at most 1048576 bytes, got 10\d+;/,
    );
  });

  test.for([
    ['chain', '#!ipxe\ninitrd initrd\nchain menu.ipxe ||\nchain bzImage init=/init\n', 'bzImage'],
    ['boot', '#!ipxe\nimgfetch --name k bzImage\nmodule initrd\nboot k init=/init\n', 'bzImage'],
    ['a setting of iPXE', '#!ipxe\nkernel k-${buildarch}\ninitrd initrd\nboot\n', 'k-x86_64'],
    ['an escape', '#!ipxe\nkernel https://a.org/k%2B1\ninitrd initrd\nboot\n', 'k+1'],
  ] as const)('whose kernel is named by %s', async ([, script, kernel]) => {
    const root = await directory();
    await netbootSet(root, script);
    await rename(join(root, 'bzImage'), join(root, kernel));
    await writeFile(join(root, 'menu.ipxe'), '#!ipxe\nshell\n');
    expect(await findImages([join(root, 'netboot.ipxe')])).toMatchObject([
      { kernel: join(root, kernel), initrd: join(root, 'initrd') },
    ]);
  });

  test('that are not whole are refused', async () => {
    const root = await directory();
    await netbootSet(root);
    await truncate(join(root, 'bzImage'), 2000);
    expect(await refusal(root)).toMatch(
      /^image-damaged: bzImage: expected a kernel of 4096 bytes, as its header says, got 2000: it is truncated/,
    );
    await writeFile(join(root, 'bzImage'), bzImage());
    await writeFile(join(root, 'initrd'), 'Not found\n');
    expect(await refusal(root)).toMatch(/^image-damaged: initrd: expected an initrd/);
    await writeFile(join(root, 'netboot.ipxe'), '#!ipxe\nkernel bzImage\ninitrd other\n');
    expect(await refusal(root)).toMatch(
      /^image-damaged: netboot.ipxe: expected the file other that the script names beside it, got none/,
    );
    await writeFile(join(root, 'netboot.ipxe'), '#!ipxe\nchain ${net0/next-server}/menu\n');
    expect(await refusal(join(root, 'netboot.ipxe'))).toMatch(
      /^image-not-bootable: .* without a kernel line/,
    );
  });
});
