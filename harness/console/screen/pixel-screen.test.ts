import { describe, expect, it } from 'vitest';
import { readPng } from '../../../test/screens/picture.ts';
import { countsDown, findMenu } from '../signs/boot-menus.ts';
import { findWait } from '../signs/waits.ts';
import { blankPicture, paintText } from '../testing/paint.ts';
import { PixelScreen } from './pixel-screen.ts';

/** The lines of a PC's text mode that shows these rows. */
function read(...rows: string[]): string[] | null {
  const picture = blankPicture(640, 400);
  paintText(picture, rows, { font: '8x16', x: 0, y: 0, ink: 0xaaaaaa, paper: 0 });
  return new PixelScreen().read(picture);
}

describe('the lines of a screen', () => {
  const edge = 80;

  it('go on behind its edge', () => {
    const long =
      `[    1.000000] Kernel panic - not syncing: ${'VFS: Unable to mount root '.repeat(3)}`.trim();
    expect(read(long.slice(0, edge), long.slice(edge), 'next')).toEqual([long, 'next']);
  });

  it.each([
    '[    1.687592] NET: Registered PF_UNIX/PF_LOCAL protocol family',
    '[   12.345678][    T1] with the one who says it',
    '[  OK  ] Reached target sockets.target - Socket Units.',
    '[FAILED] Failed to start sshd.service - SSH Daemon.',
    '[DEPEND] Dependency failed for sysroot.mount - /sysroot.',
    '[**    ] Job dev-sda1.device/start running (22s / 1min 30s)',
    '[!!!!!!] Failed to start up manager.',
    '[  !!  ] Forcibly powering off: Job timed out',
  ])('end at the edge where a message begins below: %s', (below) => {
    const full = '[    1.669265] UDP-Lite hash table entries: 1024 (order: 3, 32768 bytes, linear)';
    expect(full).toHaveLength(edge);
    expect(read(full, below)).toEqual([full, below]);
  });

  it('are cut in the middle where systemd cut them, by a sign that the font does not have', () => {
    expect(read('         Starting systemd-tmpfiles-setup.se\u25a0ate System Files...')).toEqual([
      '         Starting systemd-tmpfiles-setup.se…ate System Files...',
    ]);
  });

  it('are without frames, and one that fills a row is no text that goes on', () => {
    expect(read(`\u250c${'\u2500'.repeat(78)}\u2510`, '\u2502 Erase the disk?', '\u25a0 yes')).toEqual([
      '',
      '  Erase the disk?',
      '  yes',
    ]);
  });
});

/** The lines of a screen of the corpus. */
const linesOf = (name: string): string[] =>
  new PixelScreen().read(readPng(new URL(`../../../test/screens/${name}.png`, import.meta.url))) ?? [];

it("an installer's dialog is known for what it is", () => {
  expect(findWait(linesOf('installer-dialog'))).toEqual({
    kind: 'dialog',
    clause: expect.stringMatching(
      /^a dialog waits for an answer: "Partition disks If you continue, the changes .*" \(Yes, No\)$/,
    ),
  });
});

it.each([
  ['vesamenu-splash-drawing', 'SYSLINUX'],
  ['grub-gfxterm-background', 'GRUB'],
])('a menu before a picture is known, and that it counts down: %s', (name, menu) => {
  const lines = linesOf(name);
  expect([findMenu(lines), countsDown(lines)]).toEqual([menu, true]);
});
