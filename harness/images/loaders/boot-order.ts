import { fitsPattern } from './fnmatch.ts';
import { keyValues } from './key-values.ts';
import { compareVersions } from './version-order.ts';

/** What systemd-boot orders its entries by. */
export interface Ranked {
  /** The file's name without its counter, in small letters, e.g. `nixos-generation-1.conf`. */
  id: string;
  sortKey?: string | undefined;
  machineId?: string | undefined;
  version?: string | undefined;
  /** How often it may still be tried, and was tried; undefined where its boots are not counted. */
  tries?: { left: number; done: number } | undefined;
}

/** A larger number is no counter. */
const maxTries = 2 ** 31 - 1;

/** Reads the counter of a file's name, `NAME+LEFT[-DONE].SUFFIX` (UAPI.1, boot counting). */
export function rankedBy(fileName: string): Pick<Ranked, 'id' | 'tries'> {
  const [, name = '', left, done = '0', suffix = ''] =
    /^(.*)\+(\d+)(?:-(\d+))?(\.(?:conf|efi))$/is.exec(fileName) ?? [];
  const tries = { left: Number(left), done: Number(done) };
  return left === undefined || Math.max(tries.left, tries.done) > maxTries
    ? { id: fileName.toLowerCase() }
    : { id: (name + suffix).toLowerCase(), tries };
}

/**
 * Which of these systemd-boot starts: of those that `default` of loader.conf fits, else of all, the first of its menu. A
 * machine that boots for the first time has saved none (systemd, src/boot/boot.c, config_select_default_entry).
 */
export function defaultEntry<T extends Ranked>(entries: readonly T[], loaderConf: string): T | undefined {
  const menu = entries.toSorted(compareEntries);
  const pattern = keyValues(loaderConf, ' ').findLast(
    ([key, value]) => key === 'default' && !value.startsWith('@'),
  )?.[1];
  const fitting =
    pattern === undefined ? undefined : menu.find(({ id }) => fitsPattern(id, pattern.toLowerCase()));
  return fitting ?? menu[0];
}

/** The order of the menu (systemd, src/boot/boot.c, boot_entry_compare). */
function compareEntries(a: Ranked, b: Ranked): number {
  const isSpent = ({ tries }: Ranked): boolean => tries?.left === 0;
  return (
    Number(isSpent(a)) - Number(isSpent(b)) ||
    Number(a.sortKey === undefined) - Number(b.sortKey === undefined) ||
    (a.sortKey === undefined ? 0 : compareBySortKey(a, b)) ||
    -compareVersions(a.id, b.id) ||
    compareTries(a.tries, b.tries)
  );
}

const compareBySortKey = (a: Ranked, b: Ranked): number =>
  compareText(a.sortKey, b.sortKey) ||
  compareText(a.machineId, b.machineId) ||
  -compareVersions(a.version, b.version);

/** None goes first. */
function compareText(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  return (a ?? '') < (b ?? '') || a === undefined ? -1 : 1;
}

function compareTries(a: Ranked['tries'], b: Ranked['tries']): number {
  return a === undefined || b === undefined ? 0 : b.left - a.left || a.done - b.done;
}
