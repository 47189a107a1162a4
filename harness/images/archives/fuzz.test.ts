import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ovf } from '../../../reference/wrap/ovf.ts';
import { vma } from '../../../test/archives.ts';
import { generator, mutate } from '../../../test/fuzz.ts';
import { directory, legacyDisk } from '../../../test/images.ts';
import { UsageError } from '../../errors.ts';
import { openArchive } from './open.ts';
import { readOvf } from './ovf.ts';

/** Each answer is a disk or a UsageError of one line without control characters. */
async function answer(read: () => Promise<unknown>): Promise<'read' | 'refused'> {
  try {
    await read();
    return 'read';
  } catch (error) {
    expect(error, String(error instanceof Error ? error.stack : error)).toBeInstanceOf(UsageError);
    expect(error instanceof Error && error.message).toMatch(/^[\x20-\x7e…]+\.$/);
    return 'refused';
  }
}

test(
  'a broken VMA archive never crashes anything, and leaves its directory as a whole one does',
  { timeout: 120_000 },
  async () => {
    const random = generator(59);
    const original = vma({ disk: legacyDisk() });
    const headers = [
      [0, 64],
      [2044, 8],
      [4096, 96],
      [12_288, 64],
      [12_800, 512],
      [12_800, 64],
    ] as const;
    const answers = new Set<string>();
    for (let round = 0; round < 200; round++) {
      const root = await directory();
      // Every second one gets its checksums made right again, so that what is behind them is reached.
      const change = (bytes: Buffer): void => void mutate(bytes, random, headers.slice(1, 4)).copy(bytes);
      const bytes =
        round % 2 === 0
          ? mutate(original, random, headers)
          : vma({
              disk: legacyDisk(),
              header: change,
              extent: (header) => void mutate(header, random, [[40, 472]]).copy(header),
            });
      await writeFile(join(root, 'a.vma'), bytes);
      answers.add(await answer(() => openArchive(join(root, 'a.vma'), { kind: 'vma' }, root)));
      expect((await readdir(root)).filter((name) => name !== 'a.vma' && name !== 'disk')).toEqual([]);
    }
    expect(answers).toContain('refused');
  },
);

test('a broken OVF never crashes anything', async () => {
  const random = generator(11);
  const original = Buffer.from(ovf({ disk: 'd.vmdk', size: 1 << 20, capacity: 1 << 21 }));
  for (let round = 0; round < 2000; round++) {
    const text = mutate(original, random, [[0, original.length]]).toString('utf8');
    await answer(async () => {
      const { disk, capacity } = readOvf('/x.ova', text);
      expect(disk).not.toMatch(/[/\\:]|^\.\.?$/);
      expect(Number.isSafeInteger(capacity)).toBe(true);
    });
  }
});
