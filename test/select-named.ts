import { UsageError } from '../harness/errors.ts';

/**
 * Those of a catalogue whose names have one of these parts; all where none is asked for.
 * @param what one of them is, e.g. `defect`
 * @throws UsageError `unknown-filter` for a part that no name has
 */
export function selectNamed<T extends { name: string }>(
  catalogue: readonly T[],
  filters: readonly string[],
  what: string,
): T[] {
  const unknown = filters.find((filter) => !catalogue.some(({ name }) => name.includes(filter)));
  if (unknown !== undefined) {
    throw new UsageError(
      'unknown-filter',
      `"${unknown}": expected a part of a ${what}'s name, got one that no name has; see --list.`,
    );
  }
  return catalogue.filter(
    ({ name }) => filters.length === 0 || filters.some((filter) => name.includes(filter)),
  );
}
