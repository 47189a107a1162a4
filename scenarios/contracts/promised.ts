import type { Guest } from '../../harness/console/guest.ts';
import type { Contract } from './contract.ts';

/** What a contract promises to a guest, where that differs: by the label of its image, by its format, or `default`. */
export function promisedTo<T>(
  { label, format }: Pick<Guest, 'label' | 'format'>,
  promises: Readonly<Record<string, T>>,
): T | undefined {
  const key = [label, format].find((name) => name !== undefined && Object.hasOwn(promises, name));
  return promises[key ?? 'default'];
}

/** What a contract promises to one guest: the parts that its format has of its own stand in place of the common ones. */
export function contractFor(contract: Contract, guest: Pick<Guest, 'label' | 'format'>): Contract {
  const { formats = {}, ...common } = contract;
  const own = Object.entries(promisedTo(guest, formats) ?? {}).filter(([, part]) => part !== undefined);
  return { ...common, ...Object.fromEntries(own) };
}
