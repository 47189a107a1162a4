import path from 'node:path';

/** A file of a report as a person at `cwd` writes it: relative when it is below, absolute otherwise. */
export function shownPath(file: string, cwd = process.cwd()): string {
  const absolute = path.resolve(cwd, file);
  const relative = path.relative(cwd, absolute);
  return relative === '..' || relative.startsWith(`..${path.sep}`) ? absolute : relative;
}
