import type { Chord } from '../keyboard.ts';
import type { ScreenText } from '../screen-text.ts';

/**
 * By what bootloaders begin, EDK2's word of it included, on a line of its own at the end. F4 has GRUB (since 2.06) show a
 * menu that is hidden, and systemd-boot one that it would pass over; a menu that is shown stops counting, and no more.
 */
const beginnings = /^(?:BdsDxe: starting Boot|GRUB loading|Welcome to GRUB!)/;
/** A graphical menu of these is left for their prompt by Esc. */
const graphical = /^(?:ISO|SYS|EXT|PXE)LINUX \d/;

/** What keeps a bootloader from booting before its menu was seen, and the line that told of it. */
export interface Wake {
  keys: readonly Chord[];
  line: string;
}

export function wakeText({ rows }: ScreenText): Wake | null {
  const line = rows.findLast((row) => row !== '') ?? '';
  return beginnings.test(line) ? { keys: [['f4']], line } : null;
}

/** @param before what the screen showed when it last showed text */
export function wakeGraphics({ rows }: ScreenText): Wake | null {
  const line = rows.find((row) => graphical.test(row));
  return line === undefined ? null : { keys: [['esc']], line };
}
