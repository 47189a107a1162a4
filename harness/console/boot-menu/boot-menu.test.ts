import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ScreenText } from '../screen/screen-text.ts';
import { nextStep } from './index.ts';
import { type Deed, keysOf } from './loader.ts';
import { wakes } from './wake.ts';

const screens = new URL('../../../test/corpus/screens/', import.meta.url);

interface Recorded {
  /** Which bootloader's, and where it was seen. */
  source: string;
  /** The serial port that is asked for. */
  device: string;
  before: Deed | null;
  /** The step that must follow: the menu, the deed and the keys, or `none`. */
  step: string;
  screen: ScreenText;
}

/** A file begins with `# key: value` lines and an empty one; the rest is what the screen showed. */
function read(name: string): Recorded {
  const all = readFileSync(new URL(`${name}.txt`, screens), 'utf8');
  const end = all.indexOf('\n\n');
  const header = Object.fromEntries(
    all
      .slice(0, end)
      .split('\n')
      .map((line) => /^# (\w+): (.*)$/.exec(line)?.slice(1) ?? []),
  ) as Record<string, string>;
  const { source = '', device = '', before = '', step = '', cursor = '' } = header;
  const [row = NaN, column = NaN] = cursor.split(',').map(Number);
  const rows = all.slice(end + 2).split('\n');
  return {
    source,
    device,
    before: before === 'none' ? null : (before as Deed),
    step,
    screen: { rows, cursor: { row, column } },
  };
}

const wordsFor = (device: string): string => ` console=tty0 console=${device},115200`;

/** The next step as the files have it; the keys of the words are `WORDS`. */
function told({ screen, device, before }: Recorded): string {
  const words = wordsFor(device);
  const next = nextStep(screen, { words, label: 'boot' }, before);
  if (next === null) return 'none';
  const { name } = next.loader;
  const keys = next.step.keys.map((chord) => chord.join('+')).join(' ');
  const typed = keysOf(words)
    .map((chord) => chord.join('+'))
    .join(' ');
  return `${name}: ${next.step.does} ${keys.replace(typed, 'WORDS')}`;
}

const text = (...rows: string[]): ScreenText => ({ rows, cursor: { row: 0, column: 0 } });

describe('the screens of bootloaders', () => {
  it.each(readdirSync(screens).map((file) => file.replace(/\.txt$/, '')))('%s', (name) => {
    const recorded = read(name);
    expect(recorded.source).not.toBe('');
    expect(told(recorded)).toBe(recorded.step);
  });

  it('a prompt for a name is left alone where nobody knows one', () => {
    const { screen } = read('isolinux-prompt');
    expect(nextStep(screen, { words: ' console=ttyS0' }, null)).toBe(null);
  });

  it("an entry's line may already end with the words", () => {
    const { screen } = read('grub-bios-typed');
    expect(nextStep(screen, { words: wordsFor('ttyS0') }, 'open')?.step.does).toBe('boot');
  });

  it.each(['Loading /boot/bzImage... ok', '[    0.000000] Linux version 6.12', 'nixos login:'])(
    'nobody is there to take keys behind %s',
    (row) => {
      for (const before of [null, 'open', 'type', 'boot'] as const)
        expect(nextStep(text('', row), { words: wordsFor('ttyS0'), label: 'boot' }, before)).toBe(null);
    },
  );
});

describe('a bootloader that begins', () => {
  const names = (screen: ScreenText | null, before: ScreenText): string[] =>
    wakes(screen, before).map(
      ({ name, keys, unchangedSeconds = 0 }) => `${keys.join(' ')} after ${unchangedSeconds}: ${name}`,
    );

  it.each(['grub-bios-welcome', 'systemd-boot-starting'])('is asked for its menu: %s', (name) => {
    const { screen } = read(name);
    const last = screen.rows.findLast((row) => row !== '');
    expect(names(screen, screen)[0]).toBe(`f4 after 0: ${last}`);
  });

  it('is not asked once its menu is there', () => {
    for (const name of ['grub-bios-menu', 'grub-efi-menu', 'systemd-boot-countdown', 'isolinux-prompt']) {
      const { screen } = read(name);
      expect(names(screen, screen)).toEqual([]);
    }
  });

  it('is asked for text where its menu is in graphics', () => {
    const grub = keysOf('cterminal_output console\n').join(' ');
    expect(names(null, text('Booting from Hard Disk...', 'GRUB loading...'))).toEqual([
      `${grub} after 3: GRUB in graphics`,
    ]);
    const starting = text('BdsDxe: starting Boot0001 "UEFI"');
    expect(names(starting, starting)[1]).toBe(`${grub} after 10: GRUB in graphics`);
    expect(names(null, text('', 'ISOLINUX 6.04 20250413 ETCD Copyright', ''))).toEqual([
      'esc after 0: SYSLINUX in graphics',
    ]);
  });

  it('is not asked by a screen that says nothing of it', () => {
    expect(wakes(null, text())).toEqual([]);
    expect(wakes(null, text('SeaBIOS (version 1.16)', 'Booting from Hard Disk...'))).toEqual([]);
  });
});
