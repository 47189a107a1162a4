import { type Phase, phases as phaseOrder } from '../../events.ts';
import { beginnings, type PhaseSign, phaseSigns, screenSigns } from './phase-signs.ts';
import { anyOf } from './prefilter.ts';
import { loginPrompt } from './prompts.ts';
import { readLines } from '../serial/transcript-lines.ts';
import type { Transcript } from '../serial/transcript.ts';

export interface PhaseSeen {
  phase: Phase;
  /** Seconds since the tracker was made, which is power-on. */
  seconds: number;
  /** The line that told it. */
  evidence: string;
}

const rank = new Map(phaseOrder.map((phase, index) => [phase, index] as const));
const rankOf = (phase: Phase | null): number => (phase === null ? -1 : (rank.get(phase) ?? -1));

/**
 * Follows a boot through its phases, forward only: a phase that was passed over or seen before is not told again. Where
 * the machine is reset, its phases begin anew, and none is told that was told before.
 */
export class PhaseTracker {
  /** Seconds at which each phase was first seen. */
  readonly seconds: Partial<Record<Phase, number>> = {};
  readonly #now: () => number;
  readonly #listeners = new Set<(seen: PhaseSeen) => void>();
  readonly #stepListeners = new Set<() => void>();
  readonly #rebootListeners = new Set<(reached: Phase) => void>();
  readonly #onSerial = new Set<Phase>();
  /** The beginnings that were seen since the machine was last reset. */
  readonly #begun = new Set<string>();
  /** What was read on the screen since then that gives a later text its meaning. */
  readonly #readBefore = new Set<RegExp>();
  #current: Phase | null = null;
  #here: Phase | null = null;
  #ahead: PhaseSign[] = [];
  #isAnyAhead = anyOf([]);

  /** @param now seconds since power-on. @default seconds since the tracker was made */
  constructor(now?: () => number) {
    const began = performance.now();
    this.#now = now ?? (() => (performance.now() - began) / 1000);
    this.#lookAhead();
  }

  /** The furthest phase; null until something was seen. */
  get current(): Phase | null {
    return this.#current;
  }

  /** The furthest phase since the machine was last reset. */
  get here(): Phase | null {
    return this.#here;
  }

  /** Whether this phase's own words were seen on serial; it may also be known some other way. */
  isOnSerial(phase: Phase): boolean {
    return this.#onSerial.has(phase);
  }

  /** Whether the system speaks on serial: its kernel may be told to be quiet, and the others are not. */
  get isSystemOnSerial(): boolean {
    return (['kernel', 'initrd', 'userspace', 'login'] as const).some((phase) => this.isOnSerial(phase));
  }

  /** Whether nothing at all was told by serial. */
  get isSilent(): boolean {
    return this.#onSerial.size === 0;
  }

  onPhase(listener: (seen: PhaseSeen) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls back at each step forward, also at those of a boot after the first. */
  onStep(listener: () => void): () => void {
    this.#stepListeners.add(listener);
    return () => this.#stepListeners.delete(listener);
  }

  /** Calls back when the machine was reset, with how far it had come. */
  onReboot(listener: (reached: Phase) => void): () => void {
    this.#rebootListeners.add(listener);
    return () => this.#rebootListeners.delete(listener);
  }

  /** Reads the phases off a console. Returns the way to stop. */
  watch(transcript: Transcript): () => void {
    return readLines(transcript, {
      onLine: (line) => this.readLine(line),
      onPrompt: (line) => this.#readPrompt(line),
    });
  }

  /** Takes one clean line. */
  readLine(line: string): void {
    this.#readBeginning(line);
    const sign = this.#signOf(line);
    if (sign === undefined) return;
    const { phase, byFirmware = false } = sign;
    if (!byFirmware) this.#onSerial.add(phase);
    else if (phase === this.#here) return;
    this.#advance(phase, line);
  }

  /** Takes one line of the virtual screen, on which a boot may speak that is silent on serial. */
  readScreen(line: string): void {
    for (const { after } of screenSigns) if (after?.test(line) === true) this.#readBefore.add(after);
    const sign =
      screenSigns.find(
        ({ pattern, after }) => (after === undefined || this.#readBefore.has(after)) && pattern.test(line),
      ) ?? this.#signOf(line);
    const phase = sign?.phase;
    if (phase !== undefined) this.reached(phase, `on the screen: ${line}`);
  }

  /** Tells a phase that was learned elsewhere: a shell by a command's answer, userspace by a port that is open. */
  reached(phase: Phase, evidence: string): void {
    if (rankOf(phase) > rankOf(this.#here)) this.#advance(phase, evidence);
  }

  /** The machine was reset. */
  rebooted(): void {
    const reached = this.#here ?? 'firmware';
    this.#here = 'firmware';
    this.#begun.clear();
    this.#readBefore.clear();
    this.#lookAhead();
    for (const listener of this.#stepListeners) listener();
    for (const listener of this.#rebootListeners) listener(reached);
  }

  /** Nothing begins twice in one boot, so the machine began anew without a reset that QEMU would tell of. */
  #readBeginning(line: string): void {
    const beginning = this.#here === 'shell' ? undefined : beginnings.exec(line)?.[1];
    if (beginning === undefined) return;
    if (this.#begun.has(beginning)) this.rebooted();
    this.#begun.add(beginning);
  }

  #signOf(line: string): PhaseSign | undefined {
    if (!this.#isAnyAhead(line)) return undefined;
    // The furthest sign wins: a kernel's line may tell of the initrd.
    return this.#ahead.findLast(({ pattern }) => pattern.test(line));
  }

  #readPrompt(line: string): void {
    if (rankOf(this.#here) >= rankOf('login') || !line.endsWith(': ') || !loginPrompt.test(line)) return;
    this.#onSerial.add('login');
    this.#advance('login', line);
  }

  #advance(phase: Phase, evidence: string): void {
    this.#here = phase;
    this.#lookAhead();
    if (rankOf(phase) > rankOf(this.#current)) {
      this.#current = phase;
      const seconds = this.#now();
      this.seconds[phase] = seconds;
      for (const listener of this.#listeners) listener({ phase, seconds, evidence: evidence.trim() });
    }
    for (const listener of this.#stepListeners) listener();
  }

  /** Signs of the phase itself count as long as it is known from elsewhere only. */
  #lookAhead(): void {
    const here = rankOf(this.#here);
    this.#ahead = phaseSigns.filter(
      ({ phase }) => rankOf(phase) > here || (phase === this.#here && !this.#onSerial.has(phase)),
    );
    this.#isAnyAhead = anyOf(this.#ahead.map(({ pattern }) => pattern));
  }
}
