import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { directory } from '../../../test/images.ts';
import { checkSizes } from './sizes.ts';

test('files are held against the budgets that fit their names', async () => {
  const root = await directory();
  const files = ['a.iso', 'b.iso', 'initrd'].map((name) => join(root, name));
  for (const path of files) await writeFile(path, '');
  await truncate(files[1] ?? '', (3 << 20) + 1);
  const release = { directory: root, images: [], lists: [], files, isWhole: true };
  expect(await checkSizes(release, { '*.iso': 3, initrd: 1, '*.img': 9 })).toEqual({
    faults: [
      { action: 'b.iso', expected: 'at most 3 MiB (3145728 bytes), as *.iso may have', got: '3145729 bytes' },
      { action: root, expected: 'a file that *.img fits', got: 'none' },
    ],
    told: ['a.iso: 0 bytes of 3 MiB', 'initrd: 0 bytes of 1 MiB'],
  });
});
