import { constants } from 'node:fs';
import { access } from 'node:fs/promises';

/** The first of these files that can be read: distributions put them in different places. */
export async function firstReadable(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const found = await access(path, constants.R_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return undefined;
}
