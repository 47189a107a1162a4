import { setTimeout as delay } from 'node:timers/promises';
import type { Chord, Layout, VirtualKeyboard } from './keyboard.ts';
import { chordsForText } from './layouts.ts';

/** Runs a QMP command on the machine; rejects when QEMU refuses it. */
export type Qmp = (execute: string, args?: Record<string, unknown>) => Promise<unknown>;

/** How long a chord is held, and how long it rests before the next: with both, 0.12 s a key were read without loss under TCG. */
const holdMs = 60;

/**
 * The machine's keyboard over QMP.
 *
 * A chord is two `input-send-event` commands, all keys down and all up again, whose answers come once the device has
 * the events; so nothing is left to be released when `press` resolves. `send-key` answers at once and plays its keys
 * later, out of sight. QEMU's PS/2 keyboard drops what does not fit into its 16 bytes, and no command tells how full
 * they are: so one chord at a time (8 bytes at most) and a person's pace, which a guest reads even when it is slow.
 */
export class QmpKeyboard implements VirtualKeyboard {
  readonly #qmp: Qmp;
  readonly #holdMs: number;
  #queue: Promise<void> = Promise.resolve();

  /** @param options.slowness multiplies the pace; a faster machine than the reference types no faster. @default 1 */
  constructor(qmp: Qmp, { slowness = 1 }: { slowness?: number } = {}) {
    this.#qmp = qmp;
    this.#holdMs = holdMs * Math.max(1, slowness);
  }

  press(chords: readonly Chord[]): Promise<void> {
    const pressed = this.#queue.then(() => this.#press(chords));
    this.#queue = pressed.catch(() => {});
    return pressed;
  }

  async type(text: string, layout: Layout): Promise<void> {
    await this.press(chordsForText(layout, text));
  }

  async #press(chords: readonly Chord[]): Promise<void> {
    for (const chord of chords) {
      await this.#send(chord, true);
      await delay(this.#holdMs);
      await this.#send(chord.toReversed(), false);
      await delay(this.#holdMs);
    }
  }

  async #send(keys: readonly string[], down: boolean): Promise<void> {
    const events = keys.map((qcode) => ({
      type: 'key',
      data: { down, key: { type: 'qcode', data: qcode } },
    }));
    await this.#qmp('input-send-event', { events });
  }
}
