import { keysOf, type Loader } from './loader.ts';

/** Of a PC's screen: these are loaders for BIOS. */
const columns = 80;
const prompt = 'boot:';

/** SYSLINUX's, ISOLINUX's and EXTLINUX's own prompt, which takes an entry's name and words for its command line. */
export const syslinux: Loader = {
  name: 'SYSLINUX',
  next({ rows }, { words, label }) {
    const at = rows.findLastIndex((row) => row.startsWith(prompt));
    if (at === -1 || label === undefined) return null;
    const wanted = `${label}${words}`;
    if (rows[at] === prompt) return { does: 'type', keys: keysOf(wanted), urgent: true };
    const isTyped = unbroken(rows, at).slice(prompt.length).trimStart() === wanted;
    return isTyped ? { does: 'boot', keys: [['ret']] } : { does: 'type', keys: keysOf(wanted) };
  },
  undo: [['ctrl', 'u']],
};

/** SYSLINUX com32/menu/menumain.c */
const menu = /Press \[Tab\] to edit options/;
const edited = '> ';

/** Its text menu, menu.c32. */
export const syslinuxMenu: Loader = {
  name: "SYSLINUX's menu",
  next({ rows }, { words }) {
    const at = rows.findLastIndex((row) => row.startsWith(edited));
    if (at !== -1) {
      return unbroken(rows, at).endsWith(words)
        ? { does: 'boot', keys: [['ret']] }
        : { does: 'type', keys: keysOf(words) };
    }
    return rows.some((row) => menu.test(row)) ? { does: 'open', keys: [['tab']], urgent: true } : null;
  },
  undo: [['esc']],
};

/** A line that was broken where the screen ends, up to the next empty row. */
function unbroken(rows: readonly string[], at: number): string {
  const end = rows.indexOf('', at);
  const parts = rows.slice(at, end === -1 ? undefined : end);
  return parts
    .map((part) => part.padEnd(columns))
    .join('')
    .trimEnd();
}
