import type { Chord } from '../keys/keyboard.ts';
import type { ScreenText } from '../screen/screen-text.ts';
import { findMenu } from '../signs/boot-menus.ts';
import { keysOf } from './loader.ts';

/** Keys that have a bootloader show a menu that can be read. Each is for once. */
export interface Wake {
  /** What is told apart by it from others. */
  name: string;
  keys: readonly Chord[];
  /** Seconds for which the screen has to stay as it is: one that goes on by itself needs none. @default 0 */
  unchangedSeconds?: number;
}

/**
 * By what bootloaders begin, EDK2's word of it included, on a line of its own at the end. F4 has GRUB (since 2.06) show a
 * menu that is hidden, and systemd-boot one that it would pass over; a menu that is shown stops counting, and no more.
 */
const beginning = /^(?:BdsDxe: starting Boot|GRUB loading|Welcome to GRUB!)/;
const grub = /^(?:GRUB loading|Welcome to GRUB!)/;
const syslinux = /^(?:ISO|SYS|EXT|PXE)LINUX \d/;

/** Leaves GRUB's menu in graphics for its command line, which then is in text and leads back to the menu. */
const toText = { name: 'GRUB in graphics', keys: keysOf('cterminal_output console\n') };

/** Leaves SYSLINUX's menu in graphics for its prompt, which is in text. */
const toPrompt = { name: 'SYSLINUX in graphics', keys: [['esc']] };

/** What has a menu that is drawn there become one in text. @param lines what was read off a screen's pixels */
export function wakeOfPicture(lines: readonly string[]): Wake | null {
  const menu = findMenu(lines);
  return menu === 'GRUB' ? toText : menu === 'SYSLINUX' ? toPrompt : null;
}

/** @param text what a screen in graphics showed before */
export function wakes(screen: ScreenText | null, text: ScreenText): Wake[] {
  const last = text.rows.findLast((row) => row !== '') ?? '';
  if (screen === null) {
    if (text.rows.some((row) => syslinux.test(row))) return [toPrompt];
    return grub.test(last) ? [{ ...toText, unchangedSeconds: 3 }] : [];
  }
  if (!beginning.test(last)) return [];
  // UEFI's console stays in text behind a menu in graphics; a quiet GRUB does not even tell that it is one.
  return [
    { name: last, keys: [['f4']] },
    { ...toText, unchangedSeconds: 10 },
  ];
}
