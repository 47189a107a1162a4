import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scratchDirectory } from '../../../test/scratch.ts';
import { phases } from '../../events.ts';
import { PhasePictures } from './pictures.ts';

/** A screen that shows these contents in turn, and then is gone. */
async function take(...contents: (string | Uint8Array)[]) {
  const directory = await scratchDirectory();
  const attached: string[] = [];
  const artefacts = {
    path: (file: string) => join(directory, file),
    attach: (name: string, file: string) => void attached.push(`${name}: ${file}`),
  };
  const pictures = new PhasePictures(async (_, args) => {
    const content = contents.shift();
    if (content === undefined) throw new Error('QEMU is gone');
    await writeFile(String(args?.['filename']), content);
  }, artefacts);
  for (const phase of phases) pictures.take(phase);
  await pictures.finished();
  return { attached, files: (await readdir(directory)).toSorted() };
}

it('keeps one picture for each phase that shows something new, as long as there is a screen', async () => {
  expect(await take('menu', 'kernel', 'kernel', 'prompt')).toEqual({
    attached: [
      'screen at bootloader: screen-bootloader.png',
      'screen at kernel: screen-kernel.png',
      'screen at userspace: screen-userspace.png',
    ],
    files: ['screen-bootloader.png', 'screen-kernel.png', 'screen-userspace.png'],
  });
});

it('keeps none that is too large', async () => {
  const { attached, files } = await take(new Uint8Array(2 * 2 ** 20 + 1), 'small');
  expect(attached).toEqual(['screen at kernel: screen-kernel.png']);
  expect(files).toEqual(['screen-kernel.png']);
});
