import type { Guest } from '../../harness/console/guest.ts';

/** What a contract promises to a guest, where that differs: by the label of its image, by its format, or `default`. */
export function promisedTo<T>(
  { label, format }: Pick<Guest, 'label' | 'format'>,
  promises: Readonly<Record<string, T>>,
): T | undefined {
  const key = [label, format].find((name) => name !== undefined && Object.hasOwn(promises, name));
  return promises[key ?? 'default'];
}
