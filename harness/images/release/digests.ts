import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, normalize, relative } from 'node:path';
import { accompanied, type DigestLine, readDigestList } from './digest-list.ts';
import type { Release, ReleaseFault, ReleaseFinding } from './release.ts';

/** A longer list is none; bytes. */
const maxList = 1 << 20;

/**
 * Holds the lists of a release against the bytes of its files.
 * @param digestOf the SHA-256 of a file
 */
export async function checkDigests(
  release: Release,
  digestOf: (path: string) => Promise<string>,
): Promise<ReleaseFinding> {
  const finding: ReleaseFinding = { faults: [], told: [] };
  for (const list of release.lists) {
    const shown = relative(release.directory, list);
    const lines = await linesOf(list);
    if (typeof lines === 'string') {
      finding.faults.push({ action: shown, expected: 'SHA-256 digests, one a line', got: lines });
      continue;
    }
    const named = new Set<string>();
    for (const line of lines) {
      const file = resolveLine(release, list, line);
      if (file === undefined) continue;
      if (typeof file === 'object') {
        finding.faults.push({ action: `${shown}, line ${line.number}`, ...file });
        continue;
      }
      named.add(file);
      const wanted = 'sha256' in line ? line.sha256 : '';
      const got = await digestOf(file);
      const name = relative(release.directory, file);
      if (got === wanted) finding.told.push(`${shown}: ${name} ${got}`);
      else finding.faults.push({ action: `sha256sum ${name}`, expected: `${wanted}, as ${shown} says`, got });
    }
    const own = accompanied(list);
    const beside = own === undefined ? undefined : join(dirname(list), own);
    if (beside !== undefined && release.files.includes(beside) && !named.has(beside))
      finding.faults.push({ action: shown, expected: `the digest of ${own}`, got: 'none of that name' });
  }
  return finding;
}

/** The lines of a list, or what it is instead. */
async function linesOf(list: string): Promise<DigestLine[] | string> {
  if ((await stat(list)).size > maxList) return `more than ${maxList} bytes`;
  const lines = readDigestList(await readFile(list, 'utf8'));
  return lines.length === 0 ? 'none' : lines;
}

type Problem = Omit<ReleaseFault, 'action'>;

/** The file that a line is of, or what is wrong with the line; undefined where it is of no concern. */
function resolveLine(release: Release, list: string, line: DigestLine): string | Problem | undefined {
  if ('problem' in line) return { expected: '`DIGEST  NAME`', got: line.problem };
  const name = line.name ?? accompanied(list);
  if (name === undefined) return { expected: '`DIGEST  NAME`', got: 'a digest alone' };
  if (isAbsolute(name) || normalize(name).startsWith('..'))
    return { expected: 'the name of a file beside the list', got: name };
  const beside = join(dirname(list), name);
  if (release.files.includes(beside)) return beside;
  // Some builds list the files of a directory below by their names alone.
  const below = name === basename(name) ? release.files.filter((file) => basename(file) === name) : [];
  if (below.length === 1) return below[0];
  if (!release.isWhole) return undefined;
  return {
    expected: `the file ${name} that it names`,
    got: below.length === 0 ? 'none of that name' : `${below.length} of that name`,
  };
}
