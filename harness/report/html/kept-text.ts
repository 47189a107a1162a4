import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { clean } from '../terminal/clean.ts';

/** A kept file's end as clean text, at most so many bytes of it; undefined where it cannot be read. */
export function keptText(file: string, most: number): string | undefined {
  let fd;
  try {
    fd = openSync(file, 'r');
    const { size } = fstatSync(fd);
    const from = Math.max(0, size - most);
    const bytes = Buffer.alloc(size - from);
    const length = readSync(fd, bytes, 0, bytes.length, from);
    const text = clean(bytes.toString('utf8', 0, length));
    return from === 0 ? text : `… ${from} bytes are left out here …\n${text}`;
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
