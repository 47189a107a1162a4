import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

/**
 * Reads a file that somebody else may have made. One that is none is not waited for, and a huge one is not taken in.
 * @param most in bytes
 * @throws Error one clause: what was expected and what was got.
 */
export function readGivenFile(path: string, most: number): string {
  // A pipe that nobody writes to is opened at once this way.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = fstatSync(file);
    if (!found.isFile()) throw new Error('expected a regular file, got a pipe, a device or the like');
    if (found.size > most)
      throw new Error(`expected at most ${mebibytes(most)}, got ${mebibytes(found.size)}`);
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`;
