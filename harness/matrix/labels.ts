import { createHash } from 'node:crypto';

const maxLength = 40;

/**
 * A short label of `[a-z0-9-]` for each path that tells it from the others: what the file names differ in, or else the
 * nearest directories; the start of the path's SHA-256 where letters do not tell them apart. Empty for the one, if any,
 * whose name says nothing that the others do not.
 */
export function labelsOf(paths: readonly string[]): string[] {
  const parts = paths.map((path) => path.split('/').filter(Boolean).map(sanitize).toReversed());
  const depth = Math.max(...parts.map(({ length }) => length));
  for (let index = 0; index < depth; index++) {
    const names = parts.map((part) => part[index] ?? '');
    for (const labels of [withoutCommonWords(names), names]) if (areLabels(labels)) return labels;
  }
  return paths.map((path) => createHash('sha256').update(path).digest('hex').slice(0, 8));
}

const sanitize = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

const areLabels = (labels: readonly string[]): boolean =>
  new Set(labels).size === labels.length && labels.every(({ length }) => length <= maxLength);

/** `nixos-a-x86`, `nixos-b-x86`, `nixos-x86` → `a`, `b` and none. */
function withoutCommonWords(names: readonly string[]): string[] {
  const words = names.map((name) => name.split('-'));
  const start = countCommon(words);
  const end = countCommon(words.map((one) => one.slice(start).reverse()));
  return words.map((one) => one.slice(start, one.length - end).join('-'));
}

function countCommon(words: readonly string[][]): number {
  const [first = []] = words;
  const differs = first.findIndex((word, index) => words.some((one) => one[index] !== word));
  return differs === -1 ? first.length : differs;
}
