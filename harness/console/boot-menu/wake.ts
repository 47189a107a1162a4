import type { Chord } from '../keyboard.ts';
import type { ScreenText } from '../screen-text.ts';
import { keysOf } from './loader.ts';

/** Keys that have a bootloader show a menu that can be read. Each is for once. */
export interface Wake {
  /** What is told apart by it from others. */
  name: string;
  keys: readonly Chord[];
  /** A screen that goes on by itself needs none. */
  patient?: true;
}

/**
 * By what bootloaders begin, EDK2's word of it included, on a line of its own at the end. F4 has GRUB (since 2.06) show a
 * menu that is hidden, and systemd-boot one that it would pass over; a menu that is shown stops counting, and no more.
 */
const beginning = /^(?:BdsDxe: starting Boot|GRUB loading|Welcome to GRUB!)/;
const grub = /^(?:GRUB loading|Welcome to GRUB!)/;
const welcome = /^Welcome to GRUB!/;
const syslinux = /^(?:ISO|SYS|EXT|PXE)LINUX \d/;

/** Leaves GRUB's menu in graphics for its command line, which then is in text and leads back to the menu. */
const toText: Wake = {
  name: 'GRUB in graphics',
  keys: keysOf('cterminal_output console\n'),
  patient: true,
};

/** @param text what a screen in graphics showed before */
export function wakes(screen: ScreenText | null, text: ScreenText): Wake[] {
  const last = text.rows.findLast((row) => row !== '') ?? '';
  const found: Wake[] = [];
  if (screen !== null && beginning.test(last)) found.push({ name: last, keys: [['f4']] });
  if (screen === null && text.rows.some((row) => syslinux.test(row))) {
    found.push({ name: 'SYSLINUX in graphics', keys: [['esc']] });
  }
  // UEFI's console is still in text then, and tells nothing more.
  if (screen === null ? grub.test(last) : welcome.test(last)) found.push(toText);
  return found;
}
