import { keysOf, type Loader } from './loader.ts';

/** systemd src/boot/boot.c: what stands below the entries while it counts down, and where it was asked for help. */
const countdown = /^ *Boot in \d+ ?s\.$/;
const help = /\(e\)dit\b/;
/** Whose screen it surely is not, though it was waited for. */
const others = /\bGRUB\b|LINUX \d|^boot:|^BdsDxe:|^SeaBIOS /;

/**
 * systemd-boot. Below its entries stands one row for all that it says, and for the command line that is edited: of a long
 * one the end, once the cursor is there. A menu that counts down nothing tells by nothing what it is, and is asked for help.
 */
export const systemdBoot: Loader = {
  name: 'systemd-boot',
  next({ rows, cursor }, { words }, before) {
    const last = rows.findLast((row) => row !== '');
    if (last === undefined || rows.some((row) => others.test(row))) return null;
    if (countdown.test(last) || help.test(last)) return { does: 'open', keys: keysOf('e'), urgent: true };
    const isEdited = (before === 'open' || before === 'type') && rows[cursor.row] === last;
    if (isEdited && last.endsWith(words)) return { does: 'boot', keys: [['ret']] };
    if (isEdited) return { does: 'type', keys: [['end'], ...keysOf(words)] };
    return before === 'wake' || before === 'undo' ? { does: 'ask', keys: keysOf('h') } : null;
  },
  undo: [['esc']],
};
