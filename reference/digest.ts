import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** What decides about an image's content; not what only looks after building (cache, lock, tests, derived images). */
const parts = ['system', 'live', 'steps', 'ssh', 'packages.ts', 'bootstrap.ts', 'recipe.ts'];

async function filesBelow(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** A digest of the recipe in `directory`: names and contents of the files that an image is made from. */
export async function digestRecipe(directory: string): Promise<string> {
  const lists = await Promise.all(
    parts.map(async (part) => {
      const path = join(directory, part);
      return part.endsWith('.ts') ? [path] : filesBelow(path);
    }),
  );
  const files = lists.flat().sort();
  const contents = await Promise.all(files.map((file) => readFile(file)));
  const hash = createHash('sha256');
  for (const [index, file] of files.entries()) {
    const content = contents[index] ?? Buffer.alloc(0);
    hash.update(`${relative(directory, file)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}
