import { setTimeout as sleep } from 'node:timers/promises';
import { nextStep } from '../../console/boot-menu/index.ts';
import type { Deed, Loader, MenuRequest, Step } from '../../console/boot-menu/loader.ts';
import { type Wake, wakeOfPicture, wakes } from '../../console/boot-menu/wake.ts';
import type { Chord, VirtualKeyboard } from '../../console/keys/keyboard.ts';
import type { PhaseTracker } from '../../console/signs/phases.ts';
import { isEarly } from '../../console/signs/recognise.ts';
import type { ScreenText } from '../../console/screen/screen-text.ts';
import { GuestError } from '../../errors.ts';
import { type BootDoneOptions, untilBootDone } from './boot-done.ts';

export interface MenuOptions extends BootDoneOptions {
  request: MenuRequest;
  /** Reads the screen; null in a graphics mode. */
  look: () => Promise<ScreenText | null>;
  /** Reads the pixels of a screen that may be in graphics: a menu that is drawn goes on by itself, as others do. */
  lookAtPixels: () => Promise<readonly string[] | null>;
  /** One that acknowledges nothing: no bootloader switches its lights. */
  keyboard: VirtualKeyboard;
}

/** There is no event for what stands on a screen: it is looked at. The shortest menus are there for a second. */
const lookMilliseconds = 50;
/** Pixels are some MiB of work for QEMU. */
const pixelsMilliseconds = 500;
/** A screen that has not changed for so long is all drawn. */
const drawnMilliseconds = 200;
/** Keys that had no effect after so long have none. */
const deafSeconds = 3;
/** A screen that knows no answer to keys for so long has none: editing is not allowed, or a kernel is silent. */
const lostSeconds = 30;
/** How often the words are typed, and how many steps in all are taken, before it is given up. */
const tries = { type: 3, steps: 40 };

/**
 * Adds words to the command line of a bootloader's default entry, by keys at its menu, and boots it. What was typed is
 * read back first.
 * @returns the bootloader's name.
 * @throws GuestError `no-boot-menu` when the system came without a menu that can be read, or took no such words.
 */
export async function editBootMenu(options: MenuOptions): Promise<string> {
  const ends = new AbortController();
  const signal = AbortSignal.any([options.signal, ends.signal]);
  const editor = new MenuEditor({ ...options, signal });
  const gone = Promise.race([untilKernel(options.phases, signal), untilBootDone({ ...options, signal })]);
  try {
    const edited = editor.run();
    const late = gone.then(() => {
      if (editor.booted) return edited;
      throw editor.failed;
    });
    for (const one of [edited, late]) one.catch(() => {});
    return await Promise.race([edited, late]);
  } finally {
    ends.abort(new Error('the boot menu is passed'));
  }
}

/** Resolves once a bootloader has done its part. */
async function untilKernel(phases: PhaseTracker, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const look = (): void => void (isEarly(phases.here ?? 'firmware') || resolve());
  const off = phases.onStep(look);
  const onAbort = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  look();
  return promise.finally(off);
}

/** Takes one step after the other, as the screen asks for them. */
class MenuEditor {
  /** The keys that boot it are pressed. */
  booted = false;
  readonly #options: MenuOptions;
  /** What was done to have a menu shown. */
  readonly #woken = new Set<string>();
  #before: Deed | null = null;
  #shown = '';
  /** Since when the screen is as it is, and whether it has changed since keys were pressed last. */
  #shownAt = 0;
  #hasChanged = false;
  #pressedAt = 0;
  #pixelsAt = -Infinity;
  #loader: Loader | null = null;
  #typed = 0;
  #steps = 0;
  /** What was there before the screen went into a graphics mode. */
  #text: ScreenText = { rows: [], cursor: { row: 0, column: 0 } };

  constructor(options: MenuOptions) {
    this.#options = options;
  }

  /** That nothing came of it. */
  get failed(): GuestError {
    const reason =
      this.#loader === null
        ? 'its bootloader showed no menu in text that can be edited'
        : `the menu of ${this.#loader.name} does not take what is typed`;
    return new GuestError('no-boot-menu', reason);
  }

  async run(): Promise<string> {
    const { look, signal } = this.#options;
    for (;;) {
      const screen = await look();
      signal.throwIfAborted();
      this.#note(screen);
      if (!(await this.#wake(screen)) && screen !== null) {
        const name = await this.#step(screen);
        if (name !== null) return name;
      }
      if (this.#before !== null && this.#isUnchangedFor(lostSeconds)) throw this.failed;
      await sleep(lookMilliseconds, undefined, { signal });
    }
  }

  #note(screen: ScreenText | null): void {
    const shown = JSON.stringify(screen);
    if (shown !== this.#shown) {
      this.#shown = shown;
      this.#shownAt = performance.now();
      this.#hasChanged = true;
    }
    this.#text = screen ?? this.#text;
  }

  /** @returns whether keys were pressed. */
  async #wake(screen: ScreenText | null): Promise<boolean> {
    const wake =
      wakes(screen, this.#text).find(
        ({ name, unchangedSeconds = 0 }) => !this.#woken.has(name) && this.#isUnchangedFor(unchangedSeconds),
      ) ?? (await this.#wakeOfPicture(screen));
    if (wake === null) return false;
    this.#woken.add(wake.name);
    await this.#press('wake', wake.keys);
    return true;
  }

  /** What has a menu become one in text that is drawn on the screen, and stands nowhere else. */
  async #wakeOfPicture(screen: ScreenText | null): Promise<Wake | null> {
    const isText = screen !== null && nextStep(screen, this.#options.request, this.#before) !== null;
    if (isText || this.#loader !== null || performance.now() - this.#pixelsAt < pixelsMilliseconds)
      return null;
    this.#pixelsAt = performance.now();
    const wake = wakeOfPicture((await this.#options.lookAtPixels()) ?? []);
    return wake === null || this.#woken.has(wake.name) ? null : wake;
  }

  async #step(screen: ScreenText): Promise<string | null> {
    const next = nextStep(screen, this.#options.request, this.#before);
    if (next === null || !this.#isDue(next.step)) return null;
    this.#loader = next.loader;
    const { loader, step } = next;
    // The words were typed, and are not what stands there.
    const isWrong = step.does === 'type' && this.#before === 'type';
    if (step.does === 'type' && !isWrong) this.#typed += 1;
    if (this.#typed > tries.type || ++this.#steps > tries.steps) throw this.failed;
    this.booted = step.does === 'boot';
    await this.#press(isWrong ? 'undo' : step.does, isWrong ? loader.undo : step.keys);
    return this.booted ? loader.name : null;
  }

  /** Since it changed last, or keys were pressed. */
  #isUnchangedFor(seconds: number): boolean {
    const since = Math.max(this.#shownAt, this.#pressedAt);
    return performance.now() - since >= seconds * this.#options.slowness * 1000;
  }

  /** At once where time counts; else once all is there that is to be judged. */
  #isDue({ does, urgent }: Step): boolean {
    const isDrawn = performance.now() - this.#shownAt >= drawnMilliseconds;
    if (does === this.#before)
      return this.#isUnchangedFor(deafSeconds) || (does === 'move' && this.#hasChanged && isDrawn);
    return urgent === true || does === 'boot' || isDrawn;
  }

  async #press(deed: Deed, keys: readonly Chord[]): Promise<void> {
    this.#before = deed;
    this.#hasChanged = false;
    await this.#options.keyboard.press(keys);
    this.#pressedAt = performance.now();
  }
}
