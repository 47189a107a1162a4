/** What stands on a screen or terminal while a boot menu is shown. */
interface MenuSign {
  name: string;
  pattern: RegExp;
  source: string;
}

const menus: readonly MenuSign[] = [
  {
    name: 'GRUB',
    pattern: /\bGNU GRUB +version \d|\bUse the .{1,9} keys to select which entry is highlighted/,
    source: 'GRUB grub-core/normal/main.c, grub-core/normal/menu_text.c',
  },
  {
    name: 'SYSLINUX',
    pattern: /\bPress \[Tab\] to edit options|^boot:|\b(?:ISO|SYS|EXT|PXE)LINUX \d+\.\d+/,
    source: 'SYSLINUX com32/menu/menumain.c, core',
  },
  {
    name: 'systemd-boot',
    pattern: /^ *Reboot Into Firmware Interface *$|\(d\)efault, \(t\/T\) timeout, \(e\)dit/,
    source: 'systemd src/boot/boot.c',
  },
];

/** What stands below the entries of a menu that would count down there, if it had a time-out; same sources. */
const wholeMenu =
  /\bUse the .{1,9} keys to select which entry is highlighted|\bPress \[Tab\] to edit options|^ *Reboot Into Firmware Interface *$/;

/** The lines by which menus count down to the entry that they boot by themselves. */
const countdown =
  /\bAutomatic boot in \d+ second|\bentry will be (?:executed|booted) automatically in \d+ ?s|^ *Boot in \d+ s\.|\bHit any key to stop autoboot: *[1-9]|\b[Bb]ooting (?:\S+ )?in \d+ ?s|\bstarts? in \d+ ?s(?:ec|$)/;

/** The bootloader whose menu or prompt this is, by name; null where none is known. */
export const findMenu = (rows: readonly string[]): string | null =>
  menus.find(({ pattern }) => rows.some((row) => pattern.test(row)))?.name ?? null;

/** Whether a menu counts down there. */
export const countsDown = (rows: readonly string[]): boolean => rows.some((row) => countdown.test(row));

/** Whether all of a menu is shown there: one that has a time-out would count it down, and so change. */
export const isWholeMenu = (rows: readonly string[]): boolean => rows.some((row) => wholeMenu.test(row));
