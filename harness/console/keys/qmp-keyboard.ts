import { setTimeout as delay } from 'node:timers/promises';
import { askMonitor } from '../../machine/sockets/hmp.ts';
import { GuestError } from '../../errors.ts';
import type { Chord, Layout, VirtualKeyboard } from './keyboard.ts';
import type { LightsWatch } from '../../machine/sockets/lights.ts';
import { chordsForText } from './layouts.ts';

/** Runs a QMP command on the machine; rejects when QEMU refuses it. */
export type Qmp = (execute: string, args?: Record<string, unknown>) => Promise<unknown>;

/** A person's pace, for guests that acknowledge nothing; even emulated ones mostly keep up with it. */
const restMs = 120;
/** How often to look whether the guest has read what was pressed, and seconds until it should have. */
const lookMs = 5;
const unreadSeconds = 10;
/** Seconds for a guest that has lights on its keyboard to switch one. */
const lightSeconds = 1.5;
/** Switches a light and types nothing, but for de(neo), where it is a Tab. */
const switchLight: Chord = ['num_lock'];
/** So many times is typed at a person's pace before a guest that switched no light is asked again: it may have come up. */
const pressesUnasked = 16;
/**
 * How much is pressed before the guest has to acknowledge it, in scan codes: a USB keyboard of QEMU's holds 16, the
 * kernel's queue to a program 21. Three are the acknowledgement's.
 */
const burstCodes = 12;
/** Keys of two scan codes. */
const extended: ReadonlySet<string> = new Set(['alt_r', 'ctrl_r', 'meta_l', 'meta_r']);

/**
 * The machine's keyboard over QMP.
 *
 * A chord is one `input-send-event`, all keys down and all up again, answered once the device has them. `send-key`
 * answers at once and plays its keys later, out of sight. Held keys repeat when the guest is late to see their release,
 * so none is held. QEMU's PS/2 keyboard drops what does not fit into its 16 bytes: on a PC the next chord (11 bytes at
 * most) waits until the controller says that the guest has read the last one.
 *
 * Whoever reads the keys in the guest, a kernel's VT or a terminal emulator, may be late and lose some all the same. It
 * takes them in order, so each burst ends with Num Lock: once that light has changed, the guest has had them all. Guests
 * that switch no lights (boot menus) are typed to at a person's pace.
 */
export class QmpKeyboard implements VirtualKeyboard {
  readonly #qmp: Qmp;
  readonly #slowness: number;
  readonly #lights: (() => Promise<LightsWatch>) | undefined;
  #queue: Promise<void> = Promise.resolve();
  #unasked = 0;

  /**
   * @param options.slowness multiplies the pace; a faster machine than the reference types no faster. @default 1
   * @param options.lights opens a watch of the keyboard's lights. @default none: keys go at a person's pace
   */
  constructor(
    qmp: Qmp,
    { slowness = 1, lights }: { slowness?: number; lights?: () => Promise<LightsWatch> } = {},
  ) {
    this.#qmp = qmp;
    this.#slowness = Math.max(1, slowness);
    this.#lights = lights;
  }

  /** @throws GuestError `keyboard-unread` when the guest does not take the keys from its controller. */
  press(chords: readonly Chord[], { anew = false }: { anew?: boolean } = {}): Promise<void> {
    const pressed = this.#queue.then(() => {
      if (anew) this.#unasked = 0;
      return this.#press(chords);
    });
    this.#queue = pressed.catch(() => {});
    return pressed;
  }

  async type(text: string, layout: Layout): Promise<void> {
    await this.press(chordsForText(layout, text));
  }

  async #press(chords: readonly Chord[]): Promise<void> {
    await using lights = this.#unasked > 0 ? null : await this.#watchLights();
    this.#unasked = Math.max(0, this.#unasked - 1);
    const before = lights?.now.num;
    let acknowledges = lights !== null && (await this.#acknowledged(lights));
    if (lights !== null && !acknowledges) this.#unasked = pressesUnasked;
    for (const burst of bursts(chords)) {
      for (const chord of burst) {
        await this.#send(chord);
        if (!acknowledges) await delay(restMs * this.#slowness);
        await this.#untilRead();
      }
      if (acknowledges && lights !== null) acknowledges = await this.#acknowledged(lights);
    }
    // Left as it was found.
    if (lights !== null && lights.now.num !== before) await this.#acknowledged(lights);
  }

  async #send(chord: Chord): Promise<void> {
    const events = [...keyEvents(chord, true), ...keyEvents(chord.toReversed(), false)];
    await this.#qmp('input-send-event', { events });
  }

  /** Without its lights a keyboard types, too. */
  async #watchLights(): Promise<LightsWatch | null> {
    return (await this.#lights?.().catch(() => null)) ?? null;
  }

  /** Whether the guest switches a light when told to, which it does after all that was pressed before. */
  async #acknowledged(lights: LightsWatch): Promise<boolean> {
    const wanted = !lights.now.num;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const off = lights.onChange(({ num }) => num === wanted && resolve(true));
    const timer = setTimeout(resolve, lightSeconds * this.#slowness * 1000, false);
    try {
      await this.#send(switchLight);
      return await promise;
    } finally {
      clearTimeout(timer);
      off();
    }
  }

  /** QEMU tells of this in no event, so it is asked for: bit 0 of the i8042's status port, output buffer full. */
  async #untilRead(): Promise<void> {
    const seconds = unreadSeconds * this.#slowness;
    const deadline = performance.now() + seconds * 1000;
    while (await this.#isUnread()) {
      if (performance.now() > deadline) {
        throw new GuestError('keyboard-unread', `The guest did not read its keyboard for ${seconds} s.`, {
          ranOut: true,
        });
      }
      await delay(lookMs);
    }
  }

  async #isUnread(): Promise<boolean> {
    const answer = await askMonitor(this.#qmp, 'i /b 0x64');
    const status = Number(/= (0x[0-9a-f]+)/.exec(answer)?.[1] ?? 0xff);
    // Machines without that controller read as all ones.
    return status !== 0xff && (status & 1) === 1;
  }
}

function keyEvents(keys: readonly string[], down: boolean): object[] {
  return keys.map((qcode) => ({ type: 'key', data: { down, key: { type: 'qcode', data: qcode } } }));
}

/** As many chords at a time as the guest surely has room for. */
function* bursts(chords: readonly Chord[]): Generator<readonly Chord[]> {
  let burst: Chord[] = [];
  let codes = 0;
  for (const chord of chords) {
    const more = chord.reduce((sum, key) => sum + (extended.has(key) ? 4 : 2), 0);
    if (burst.length > 0 && codes + more > burstCodes) {
      yield burst;
      [burst, codes] = [[], 0];
    }
    burst.push(chord);
    codes += more;
  }
  if (burst.length > 0) yield burst;
}
