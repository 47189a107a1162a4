import { describe, expect, it } from 'vitest';
import { keysOf } from '../../console/boot-menu/loader.ts';
import type { Chord, VirtualKeyboard } from '../../console/keys/keyboard.ts';
import { PhaseTracker } from '../../console/signs/phases.ts';
import type { ScreenText } from '../../console/screen/screen-text.ts';
import { type MenuOptions, editBootMenu } from './boot-menu.ts';

const characters = new Map(
  [...'abcdefghijklmnopqrstuvwxyz0123456789 =,S'].map((one) => [keysOf(one)[0]?.join('+'), one]),
);
const words = ' console=ttyS0,115200';

/** SYSLINUX's prompt as a person sees it: keys go in, a screen comes out. */
class Prompt implements VirtualKeyboard {
  readonly pressed: string[] = [];
  booted: string | null = null;
  #line = '';
  readonly #loses: (typed: number) => boolean;

  /** @param loses whether the key is lost that would be the n-th letter */
  constructor(loses: (typed: number) => boolean = () => false) {
    this.#loses = loses;
  }

  look = async (): Promise<ScreenText> => ({
    rows: ['ISOLINUX 6.04', `boot: ${this.#line}`.trimEnd()],
    cursor: { row: 1, column: 6 + this.#line.length },
  });

  async press(chords: readonly Chord[]): Promise<void> {
    for (const chord of chords) {
      const key = chord.join('+');
      this.pressed.push(key);
      if (key === 'ctrl+u') this.#line = '';
      else if (key === 'ret') this.booted = this.#line;
      else if (!this.#loses(this.pressed.length)) this.#line += characters.get(key) ?? '';
    }
  }

  async type(): Promise<void> {
    throw new Error('nobody types by a layout here');
  }
}

/** Runs the time of what waits fifty times as fast. */
function options(prompt: Prompt, more: Partial<MenuOptions> = {}): MenuOptions {
  return {
    request: { words, label: 'boot' },
    look: prompt.look,
    lookAtPixels: async () => null,
    keyboard: prompt,
    phases: new PhaseTracker(),
    ssh: { host: '127.0.0.1', port: 1 },
    demandSeconds: () => null,
    slowness: 0.02,
    signal: new AbortController().signal,
    ...more,
  };
}

describe('the boot menu', () => {
  it('is given the words, and boots with them', async () => {
    const prompt = new Prompt();
    expect(await editBootMenu(options(prompt))).toBe('SYSLINUX');
    expect(prompt.booted).toBe(`boot${words}`);
  });

  it('is given them again where a key was lost', async () => {
    const prompt = new Prompt((count) => count === 7);
    await editBootMenu(options(prompt));
    expect(prompt.pressed.filter((key) => key === 'ctrl+u')).toHaveLength(1);
    expect(prompt.booted).toBe(`boot${words}`);
  });

  it('is never booted with something else', async () => {
    const prompt = new Prompt((count) => count % 7 === 0);
    await expect(editBootMenu(options(prompt))).rejects.toMatchObject({
      code: 'no-boot-menu',
      message: 'the menu of SYSLINUX does not take what is typed',
    });
    expect(prompt.booted).toBe(null);
  });

  it('is past once a kernel runs', async () => {
    const prompt = new Prompt();
    const phases = new PhaseTracker();
    const looks = Promise.withResolvers<void>();
    const edited = editBootMenu(
      options(prompt, {
        phases,
        look: async () => {
          looks.resolve();
          return { rows: [''], cursor: { row: 0, column: 0 } };
        },
      }),
    );
    await looks.promise;
    phases.readLine('[    0.000000] Linux version 6.12');
    await expect(edited).rejects.toMatchObject({
      code: 'no-boot-menu',
      message: 'its bootloader showed no menu in text that can be edited',
    });
    expect(prompt.pressed).toEqual([]);
  });

  it.each([
    ['GRUB', ['GNU GRUB  version 2.12', '*NixOS', 'boots in 3s'], 'c t e r m'],
    ['SYSLINUX', ['NixOS', 'Press [Tab] to edit options', 'Automatic boot in 9 seconds...'], 'esc'],
  ])('of %s is asked for text where it is drawn, at once', async (_, drawn, keys) => {
    const prompt = new Prompt();
    const end = new AbortController();
    const press = prompt.press.bind(prompt);
    prompt.press = async (chords) => {
      await press(chords);
      end.abort(new Error('enough'));
    };
    const look = async (): Promise<ScreenText> => ({ rows: ['Loading'], cursor: { row: 0, column: 0 } });
    const lookAtPixels = async (): Promise<string[]> => drawn;
    await expect(
      editBootMenu(options(prompt, { look, lookAtPixels, signal: end.signal, slowness: 1000 })),
    ).rejects.toThrow();
    expect(prompt.pressed.join(' ')).toMatch(new RegExp(`^${keys}`));
  });

  it('is given up where it never shows, though keys ask for it', async () => {
    const prompt = new Prompt();
    const look = async (): Promise<ScreenText> => ({
      rows: ['Welcome to GRUB!'],
      cursor: { row: 1, column: 0 },
    });
    await expect(editBootMenu(options(prompt, { look }))).rejects.toMatchObject({ code: 'no-boot-menu' });
    expect(prompt.pressed.slice(0, 2)).toEqual(['f4', 'c']);
  });

  it('is left where something ends the cell', async () => {
    const end = new AbortController();
    const reason = new Error('QEMU is gone');
    const look = async (): Promise<null> => {
      end.abort(reason);
      return null;
    };
    await expect(editBootMenu(options(new Prompt(), { look, signal: end.signal }))).rejects.toBe(reason);
  });
});
