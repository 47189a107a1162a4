import { countsDown, findMenu, isWholeMenu } from '../../console/signs/boot-menus.ts';
import { findProgram } from '../../console/signs/programs.ts';
import { findPrompt, findWait, goesOn, type Wait } from '../../console/signs/waits.ts';
import { shapeOf } from '../../console/screen/shape.ts';
import { type Deeds, ownSeconds } from './activity.ts';

/** What a machine did since the last look, and what stands there for a person to read. */
export interface Look {
  deeds: Deeds;
  /** The terminal at the serial port, up to the row of the cursor. */
  terminal: readonly string[];
  /** The virtual screen; null where it cannot be read. */
  screen: readonly string[] | null;
  /** Whether a kernel was seen to run since power-on or the last reset; null where nobody can tell. */
  kernelRan: boolean | null;
  /** Nothing was heard of the kernel that ran, nor of what it started. */
  isSilent: boolean;
  /** It boots by a bootloader that may have a menu: not from the network, nor by a kernel that QEMU starts. */
  hasLoader: boolean;
  /** Accesses to disks since power-on: a loader's, where no kernel ran. */
  diskAccesses: number | null;
}

/** Why a boot will not go on by itself: a code for reports, and a clause of a sentence. */
export type Stop =
  | { code: 'waits-for-a-person'; wait: Wait }
  | { code: 'boot-menu-waits'; clause: string; name: string | null }
  | { code: 'no-system'; clause: string };

/** Less of one core than this is a machine that waits for something. */
const idleShare = 0.15;
/** A question that is known, and that nobody has answered by itself for so many seconds over an idle machine. */
const knownSeconds = 20;
/** The same for one that is not known: longer than systemd lets anything start in silence by its own clock. */
const unknownSeconds = 120;
/** How long a program's name stands on the screen, where no kernel ran. */
const programSeconds = 30;
/**
 * How long nothing at all happens in a bootloader: one whose menu is there and would count down, idle, and busy with asking
 * for keys or with something of its own.
 */
const menuSeconds = { shown: 20, idle: 35, busy: 45 };
/** How much later than it says a time-out may come. */
const lateSeconds = 20;
/** So many disk accesses are a loader's; a boot sector alone makes fewer. */
const leastAccesses = 16;
/** A clock's tick, a journal that is written: so much happens on a machine that only waits. */
const fewAccesses = 2;
/** How long the machine is looked at to call it idle, seconds. */
const windowSeconds = 20;

/** Tells from what stands on screen and terminal, and from what the machine does, that it waits for a person. */
export class Waiting {
  #shape = '';
  #same = 0;
  #program = 0;
  #loader = 0;
  #window: Deeds[] = [];
  #menuSeconds = 0;
  /** What stood there when a silent kernel was first seen: it is a bootloader's. */
  #stale: { terminal: string; screen: string } | null = null;
  readonly #scale: number;

  /** @param scale multiplies what a bootloader may compute in silence, @see Watched */
  constructor(scale: number) {
    this.#scale = Math.max(1, scale);
  }

  /** Somebody answered, or the machine began anew: it is looked at from the start. */
  reset(): void {
    this.#shape = '';
    this.#same = this.#program = this.#loader = 0;
    this.#window = [];
    this.#stale = null;
  }

  /** A boot menu goes on by itself after so many seconds, though it may not show it. */
  expectMenu(seconds: number): void {
    this.#menuSeconds = seconds + lateSeconds;
  }

  /** Takes a look. Returns why the boot will not go on by itself; null as long as it may. */
  add(look: Look): Stop | null {
    const { deeds } = look;
    this.#window.push(deeds);
    while (sum(this.#window.slice(1), ownSeconds) >= windowSeconds) this.#window.shift();
    return this.#addProgram(look) ?? this.#addLoader(look) ?? this.#addQuestion(this.#withoutStale(look));
  }

  #addProgram({ deeds, terminal, screen, kernelRan }: Look): Stop | null {
    const name = kernelRan === false ? (findProgram(screen ?? []) ?? findProgram(terminal)) : null;
    // Its name among a menu's entries is no program that runs.
    const runs = name !== null && findMenu(screen ?? []) === null && findMenu(terminal) === null;
    this.#program = runs ? this.#program + ownSeconds(deeds) : 0;
    if (this.#program < programSeconds) return null;
    return { code: 'no-system', clause: `${name} runs in the place of a system: no kernel was started` };
  }

  #addLoader({ deeds, terminal, screen, kernelRan, hasLoader, diskAccesses }: Look): Stop | null {
    const rests = deeds.characters === 0 && deeds.disk === 0 && deeds.screen !== true && !deeds.counters;
    const isLoader = kernelRan === false && hasLoader && (diskAccesses ?? 0) >= leastAccesses;
    const isCounting = countsDown(screen ?? []) || countsDown(terminal);
    this.#loader = rests && isLoader && !isCounting ? this.#loader + ownSeconds(deeds) : 0;
    const isShown = isWholeMenu(screen ?? []) || isWholeMenu(terminal);
    const unseen = this.#isIdle ? menuSeconds.idle : menuSeconds.busy * this.#scale;
    const least = isShown ? Math.min(unseen, menuSeconds.shown * this.#scale) : unseen;
    if (this.#loader < Math.max(least, this.#menuSeconds)) return null;
    const wait = findWait(screen ?? []) ?? findWait(terminal);
    if (wait !== null) return { code: 'waits-for-a-person', wait };
    const name = findMenu(screen ?? []) ?? findMenu(terminal);
    const seen = `no kernel was started, and for ${Math.round(this.#loader)} s nothing was read and nothing changed`;
    const whose = name === null ? '' : ` of ${name}`;
    const clause = `the boot menu${whose} waits for a person: it has no time-out (${seen})`;
    return { code: 'boot-menu-waits', clause, name };
  }

  /** Without what a bootloader left there that is gone. */
  #withoutStale(look: Look): Look {
    if (!look.isSilent || look.kernelRan !== true) return look;
    const [terminal, screen] = [look.terminal.join('\n'), (look.screen ?? []).join('\n')];
    this.#stale ??= { terminal, screen };
    return {
      ...look,
      terminal: this.#stale.terminal === terminal ? [] : look.terminal,
      screen: this.#stale.screen === screen ? null : look.screen,
    };
  }

  #addQuestion({ deeds, terminal, screen }: Look): Stop | null {
    const shape = [...terminal, '', ...(screen ?? [])].map(shapeOf).join('\n');
    const isSame = shape === this.#shape && deeds.screen !== true;
    this.#shape = shape;
    const mayCount = !isSame || !this.#isIdle || goesOn(terminal) || goesOn(screen ?? []);
    this.#same = mayCount ? 0 : this.#same + ownSeconds(deeds);
    if (this.#same < knownSeconds) return null;
    const known = findWait(screen ?? []) ?? findWait(terminal);
    if (known !== null) return { code: 'waits-for-a-person', wait: known };
    const prompt = this.#same < unknownSeconds ? null : (findPrompt(terminal) ?? findPrompt(screen ?? []));
    return prompt === null ? null : { code: 'waits-for-a-person', wait: prompt };
  }

  /** Whether the machine slept in the last seconds, apart from what a clock does. */
  get #isIdle(): boolean {
    const window = this.#window;
    const seconds = sum(window, ownSeconds);
    if (seconds < windowSeconds / 2 || window.some(({ cpu }) => cpu === null)) return false;
    const cpu = sum(window, (one) => one.cpu ?? 0);
    return cpu < idleShare * seconds && sum(window, (one) => one.disk ?? 0) <= fewAccesses;
  }
}

const sum = (window: readonly Deeds[], of: (deeds: Deeds) => number): number =>
  window.reduce((total, deeds) => total + of(deeds), 0);
