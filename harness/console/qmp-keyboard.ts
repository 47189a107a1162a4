import { setTimeout as delay } from 'node:timers/promises';
import { GuestError } from '../errors.ts';
import type { Chord, Layout, VirtualKeyboard } from './keyboard.ts';
import { chordsForText } from './layouts.ts';

/** Runs a QMP command on the machine; rejects when QEMU refuses it. */
export type Qmp = (execute: string, args?: Record<string, unknown>) => Promise<unknown>;

/** A person's pace, which programs behind the kernel's own queue (64 events) keep up with even under emulation. */
const restMs = 120;
/** How often to look whether the guest has read what was pressed, and seconds until it should have. */
const lookMs = 20;
const unreadSeconds = 10;

/**
 * The machine's keyboard over QMP.
 *
 * A chord is one `input-send-event`, all keys down and all up again, answered once the device has them. `send-key`
 * answers at once and plays its keys later, out of sight. Held keys repeat when the guest is late to see their release,
 * so none is held. QEMU's PS/2 keyboard drops what does not fit into its 16 bytes: on a PC the next chord (11 bytes at
 * most) waits until the controller says that the guest has read the last one.
 */
export class QmpKeyboard implements VirtualKeyboard {
  readonly #qmp: Qmp;
  readonly #slowness: number;
  #queue: Promise<void> = Promise.resolve();

  /** @param options.slowness multiplies the pace; a faster machine than the reference types no faster. @default 1 */
  constructor(qmp: Qmp, { slowness = 1 }: { slowness?: number } = {}) {
    this.#qmp = qmp;
    this.#slowness = Math.max(1, slowness);
  }

  /** @throws GuestError `keyboard-unread` when the guest does not take the keys from its controller. */
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
      const events = [...keyEvents(chord, true), ...keyEvents(chord.toReversed(), false)];
      await this.#qmp('input-send-event', { events });
      await delay(restMs * this.#slowness);
      await this.#untilRead();
    }
  }

  /** QEMU tells of this in no event, so it is asked for: bit 0 of the i8042's status port, output buffer full. */
  async #untilRead(): Promise<void> {
    const seconds = unreadSeconds * this.#slowness;
    const deadline = performance.now() + seconds * 1000;
    while (await this.#isUnread()) {
      if (performance.now() > deadline) {
        throw new GuestError('keyboard-unread', `The guest did not read its keyboard for ${seconds} s.`);
      }
      await delay(lookMs);
    }
  }

  async #isUnread(): Promise<boolean> {
    const answer = await this.#qmp('human-monitor-command', { 'command-line': 'i /b 0x64' });
    const status = Number(/= (0x[0-9a-f]+)/.exec(String(answer))?.[1] ?? 0xff);
    // Machines without that controller read as all ones.
    return status !== 0xff && (status & 1) === 1;
  }
}

function keyEvents(keys: readonly string[], down: boolean): object[] {
  return keys.map((qcode) => ({ type: 'key', data: { down, key: { type: 'qcode', data: qcode } } }));
}
