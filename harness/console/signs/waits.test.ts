import { describe, expect, it } from 'vitest';
import { findPrompt, findWait, goesOn } from './waits.ts';

const whiptail = [
  '',
  '  +------------------+ Choose language +-------------------+',
  '  | Choose the language to be used for the installation.   |',
  '  | The selected language will also be the default one.    |',
  '  |                                                        |',
  '  |                 English                                |',
  '  |                                                        |',
  '  |          <Go Back>              <Continue>             |',
  '  |                                                        |',
  '  +--------------------------------------------------------+',
  '',
  ' <Tab> moves; <Space> selects; <Enter> activates buttons',
];
/** As a terminal keeps it that knows no line drawing, with a clock in the corner. */
const newt = [
  '                                                              12:01:07',
  '      ????????????? Partition disks ?????????????',
  '      ? Write the changes to disks?              ?',
  '      ?                                          ?',
  '      ?      <Yes>             <No>              ?',
  '      ????????????????????????????????????????????',
];
const dialog = [
  ' ┌────────────────────────────┐',
  ' │ Erase the whole disk?      │',
  ' ├────────────────────────────┤',
  ' │     < Yes >    < No  >     │',
  ' └────────────────────────────┘',
];

/** As a PC's text screen is kept. */
const blank = newt.slice(1).map((row) => row.replaceAll(/\?(?=[? ]|$)/g, ' ').trimEnd());

describe('a program that waits for a person', () => {
  it.each([
    ['dialog', whiptail, /^a dialog waits .*Choose language.*installation.*\(Go Back, Continue\)$/],
    ['dialog', newt, /"Partition disks Write the changes to disks\?" \(Yes, No\)$/],
    ['dialog', dialog, /"Erase the whole disk\?" \(Yes, No\)$/],
    ['dialog', blank, /Write the changes to disks.*\(Yes, No\)$/],
    [
      'passphrase',
      ['Please enter passphrase for disk QEMU_HARDDISK (cryptroot): (press TAB for no echo)'],
      /cryptroot/,
    ],
    ['passphrase', ['🔐 Please enter passphrase for disk luks-1234:'], /luks-1234/],
    ['passphrase', ['Please unlock disk sda3_crypt: '], /sda3_crypt/],
    ['passphrase', ['Enter passphrase for /dev/sda2: '], /sda2/],
    ['passphrase', ['Passphrase for /dev/disk/by-uuid/ab: '], /by-uuid/],
    ['passphrase', ['Please enter LUKS2 token PIN:'], /PIN/],
    ['passphrase', ["Enter passphrase for 'tank/root':"], /tank/],
    ['passphrase', ['Enter passphrase for hd0,gpt2 (0123456789abcdef): '], /hd0/],
    ['key', ['Welcome to your new installation of NixOS!', '', '-- Press any key to proceed --'], /proceed/],
    ['key', ['Please remove the installation medium, then press ENTER:'], /press ENTER/],
    ['key', ['Boot failed. Press a key to retry, or wait for reset...', ''], /Press a key/],
    ['key', ['[  OK  ] Started x.service.', 'Press [Enter] to continue.'], /Enter/],
    ['key', ['hit return when ready'], /hit return/],
    [
      'first-boot',
      ['Please enter the new system locale name or number (empty to skip, "list" to list options):'],
      /locale/,
    ],
    ['first-boot', ['‣ Please enter new root password (empty to skip):'], /root password/],
    ['first-boot', ['Please enter timezone name or number (empty to skip):'], /timezone/],
    ['question', ['Inode 12 has an invalid mode (0171).', 'Clear<y>? '], /Clear<y>\?/],
    ['question', ['Perform changes ? (y/n)'], /y\/n/],
    ['question', ['Do you want to continue? [Y/n] '], /continue/],
    ['question', ['Wipe /dev/vda (yes/no): '], /Wipe/],
  ] as const)('%s: %j', (kind, rows, clause) => {
    const wait = findWait(rows);
    expect(wait?.kind).toBe(kind);
    expect(wait?.clause).toMatch(clause);
  });

  it.each([
    [['[  ***] A start job is running for /dev/disk/by-label/x (7s / 1min 30s)']],
    [
      [
        'Please enter passphrase for disk x:',
        '[*     ] Job dev-sda2.device/start running (1min 7s / no limit)',
      ],
    ],
    [['[ ***  ] Job user@0.service/stop running (3s / 2min)']],
    [['Press Enter to change the root password', '', 'nixos login: ']],
    [['Do you want it? [y/N]', '[root@nixos:~]# ']],
    [['nixos login: root', 'Password: ']],
    [["Press 'Ctrl-C' for console access"]],
    // BusyBox' init, whose console is a way in.
    [['Please press Enter to activate this console.']],
    [['[    1.000000] random: crng init done']],
    [['<<< Welcome to NixOS 26.11 (x86_64) - ttyS0 >>>', 'Run <nixos-help> for help']],
    [['[  OK  ] Reached target <Basic System>.']],
    [['Loading initial ramdisk ...']],
    [[]],
  ])('is not seen in %j', (rows) => {
    expect(findWait(rows)).toBeNull();
  });

  it('has a question that fits into a line', () => {
    expect(findWait([`press any key ${'x'.repeat(500)}`])?.clause.length).toBeLessThan(220);
  });
});

describe('a prompt that nobody knows', () => {
  it.each([['Which disk is it?'], ['Choose a mirror [1-7]:'], ['Weiter mit (j)']])('%j is one', (row) =>
    expect(findPrompt(['something', row])?.kind).toBe('prompt'),
  );

  it.each([
    ['[    1.000000] usb 1-1: new device found:'],
    ['[  OK  ]'],
    ['nixos login:'],
    ['Loading initial ramdisk ...'],
    ['#'],
    [''],
  ])('%j is none', (row) => expect(findPrompt([row])).toBeNull());
});

it('what counts down, or is a way in, goes on by itself', () => {
  expect(goesOn(['[***   ] (1 of 2) A start job is running for x (7s / 1min 30s)'])).toBe(true);
  expect(goesOn(['bash-5.2# '])).toBe(true);
  expect(goesOn(['Please unlock disk sda3_crypt:'])).toBe(false);
});
