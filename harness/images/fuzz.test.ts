import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { generator, mutate } from '../../test/fuzz.ts';
import { directory, efiDisk, x64 } from '../../test/images.ts';
import { bootCode, bzImage, iso, mbrDisk, netbootSet } from '../../test/media.ts';
import { UsageError } from '../errors.ts';
import { findImages } from './find.ts';

/** Each answer is an image or a UsageError of one line without control characters. */
async function survives(path: string, content: Buffer): Promise<void> {
  await writeFile(path, content);
  try {
    await findImages([path]);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    expect(error instanceof Error && error.message).toMatch(/^[\x20-\x7e…]+\.$/);
  }
}

const hybrid = iso({
  entries: [
    { platform: 0, content: bootCode },
    { platform: 0xef, content: x64 },
  ],
  systemArea: mbrDisk(1, [{ type: 'esp', first: 4224, sectors: 4096 }], bootCode),
});

test.for([
  [
    'GPT disk',
    efiDisk(),
    40,
    [
      [0, 512],
      [440, 72],
      [512, 92],
      [1024, 256],
      [2048 * 512, 64],
    ],
  ],
  [
    'ISO',
    hybrid,
    40,
    [
      [0, 512],
      [446, 66],
      [32768, 192],
      [34816, 80],
      [20 * 2048, 128],
      [33 * 1024 * 2, 64],
    ],
  ],
  ['tar or kernel', bzImage(), 40, [[0, 700]]],
] as const)(
  'a broken %s never crashes anything',
  { timeout: 60_000 },
  async ([, original, rounds, headers]) => {
    const random = generator(rounds);
    const path = join(await directory(), 'fuzzed');
    for (let round = 0; round < rounds; round++) await survives(path, mutate(original, random, headers));
  },
);

test.for(['qcow2', 'vmdk', 'vhdx', 'vdi', 'vpc'])(
  'a broken %s never crashes anything',
  { timeout: 60_000 },
  async (driver) => {
    const random = generator(driver.length);
    const root = await directory();
    const [raw, original] = [join(root, 'raw'), join(root, 'original')];
    await writeFile(raw, efiDisk());
    await execa('qemu-img', ['convert', '-f', 'raw', '-O', driver, raw, original]);
    const bytes = await readFile(original);
    const headers: [number, number][] = [
      [0, 128],
      [512, 512],
      [65_536, 128],
      [131_072, 128],
    ];
    for (let round = 0; round < 4; round++)
      await survives(join(root, 'fuzzed'), mutate(bytes, random, headers));
  },
);

test('a broken iPXE script never crashes anything', async () => {
  const root = await directory();
  await netbootSet(root);
  const script = Buffer.from(
    '#!ipxe\nset a b\nkernel ${a}/bzImage x=${y} || goto z\ninitrd --name i initrd\n',
  );
  const random = generator(7);
  for (let round = 0; round < 30; round++) {
    await survives(
      join(root, 'fuzzed.ipxe'),
      Buffer.concat([script.subarray(0, 7), mutate(script.subarray(7), random, [[0, 70]])]),
    );
  }
});
