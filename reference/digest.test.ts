import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { digestRecipe } from './digest.ts';
import { recipeDirectory } from './paths.ts';

test('the digest changes with what goes into an image, and with nothing else', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'boot-matrix-test-'));
  try {
    await cp(recipeDirectory, directory, { recursive: true });
    const digest = await digestRecipe(directory);
    expect(digest).toBe(await digestRecipe(recipeDirectory));
    await appendFile(join(directory, 'README.md'), 'more');
    expect(await digestRecipe(directory)).toBe(digest);
    await appendFile(join(directory, 'system/etc/kmscon/kmscon.conf'), '#');
    expect(await digestRecipe(directory)).not.toBe(digest);
  } finally {
    await rm(directory, { recursive: true });
  }
});
