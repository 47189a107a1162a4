import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dir } from 'tmp-promise';
import { expect, it } from 'vitest';
import { takeScreenshot } from './screenshot.ts';

it('leaves a whole picture or none', async () => {
  const { path: directory, cleanup } = await dir({ unsafeCleanup: true });
  const path = join(directory, 'screen.png');
  await takeScreenshot(async (execute, args) => {
    expect(execute).toBe('screendump');
    expect(args).toMatchObject({ format: 'png' });
    await writeFile(String(args?.['filename']), 'picture');
    expect(await readdir(directory)).not.toContain('screen.png');
  }, path);
  expect(await readFile(path, 'utf8')).toBe('picture');

  const half = takeScreenshot(
    async (_, args) => {
      await writeFile(String(args?.['filename']), 'half');
      throw new Error('no surface');
    },
    join(directory, 'other.png'),
  );
  await expect(half).rejects.toThrow('no surface');
  expect(await readdir(directory)).toEqual(['screen.png']);
  await cleanup();
});
