import type { Phase } from '../../events.ts';
import type { PhaseTracker } from './phases.ts';
import { findFatalPrompt, findSigns, type Found, isEarly, kernelMessage } from './recognise.ts';
import { panicEnds } from './kernel.ts';
import type { FatalSign, SuspiciousSign } from './sign.ts';
import { Suspicions } from './suspicions.ts';
import { Tail } from './tail.ts';
import { missed } from '../screen/screen-log.ts';
import type { Fresh } from '../screen/scroll.ts';
import { readLines } from '../serial/transcript-lines.ts';
import type { Transcript } from '../serial/transcript.ts';

/** A failure that was seen. */
export interface Failure {
  code: string;
  /** The phase that failed, which may be later than the last that was seen. */
  phase: Phase;
  /** One sentence, for a person. */
  sentence: string;
  /** The line that told it and those before it, as the guest printed them. */
  evidence: string;
  /** Whether a wait ran out by the guest's clock before. */
  byClock: boolean;
  /** Where the host is to blame: what a person can do about it. */
  hostHint?: string;
}

/**
 * Tells the first fatal thing that a console says, once, and keeps what looked bad before it.
 *
 * Texts are trusted while the machine boots, since nobody but the machine's own programs writes to the console then.
 * Once a shell was proven, commands and services print what they like, old logs included: then only a kernel's panic
 * counts, and only with its time stamp and with the words that follow it.
 */
export class FailureWatcher {
  readonly #phases: PhaseTracker | undefined;
  readonly #listeners = new Set<(failure: Failure) => void>();
  readonly #suspicions = new Suspicions();
  readonly #times = new Map<FatalSign, number>();
  readonly #onSerial = new Tail();
  readonly #onScreen = new Tail();
  #shellProven = false;
  #panic: Found<FatalSign> | null = null;
  #failure: Failure | null = null;
  /** Whether somebody is there who answers a bootloader's prompts: none is where a boot is stuck then. */
  isAnswered = false;

  /** @param phases of the same console, told of each line first: a text means something in its own time only. */
  constructor(phases?: PhaseTracker) {
    this.#phases = phases;
  }

  /** What was seen; null as long as there is nothing. */
  get failure(): Failure | null {
    return this.#failure;
  }

  /** The last lines on serial. */
  get tail(): string {
    return this.#onSerial.text;
  }

  /** Calls back at the first failure; at once if there was one. */
  onFailure(listener: (failure: Failure) => void): () => void {
    if (this.#failure) listener(this.#failure);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Looks for failures on a console. Returns the way to stop. */
  watch(transcript: Transcript): () => void {
    return readLines(transcript, {
      onLine: (line) => this.readLine(line),
      onPrompt: (line) => this.readPrompt(line),
    });
  }

  /** From here on the console's texts alone prove nothing. */
  shellProven(): void {
    this.#shellProven = true;
  }

  /** The machine was reset: what it said before belongs to a boot that is over. */
  rebooted(): void {
    this.#suspicions.forget(() => true);
    this.#times.clear();
    this.#panic = null;
  }

  /** What looked bad in this boot and did not end it: clauses of a sentence. */
  suspicions(): string[] {
    if (this.#panic !== null) return [this.#explain(this.#panic).sentence];
    if (!isEarly(this.#here)) this.#suspicions.forget(({ phase }) => isEarly(phase));
    return this.#suspicions.clauses();
  }

  /** Takes one clean line. */
  readLine(line: string): void {
    if (this.#failure) return;
    if (line.trim() !== '') this.#onSerial.add(line);
    if (this.#shellProven) return this.#readPanic(line);
    const signs = findSigns(line);
    if (signs?.fatal && this.#isDue(signs.fatal.sign, this.#onSerial))
      return this.#tell(signs.fatal, this.#onSerial);
    this.#suspicions.settle(line);
    this.#suspect(signs?.suspicious ?? null);
  }

  /** Takes a line that is not finished. */
  readPrompt(line: string): void {
    if (this.#failure || this.#shellProven || this.isAnswered) return;
    const found = findFatalPrompt(line);
    if (!found || !this.#isDue(found.sign, this.#onSerial)) return;
    this.#onSerial.add(line);
    this.#tell(found, this.#onSerial);
  }

  /**
   * Takes what the virtual screen shows, where a guest may speak that is silent on serial.
   * @param fresh those rows that were not there before: they are its lines
   */
  readScreen(rows: readonly string[], fresh: Fresh): void {
    if (this.#failure || this.#shellProven) return;
    const tail = this.#onScreen;
    if (fresh.mayHaveMissed && fresh.rows.length > 0) tail.add(missed);
    // All that stands there may explain what is fatal, also what stands below.
    for (const row of fresh.rows) {
      this.#suspicions.settle(row);
      this.#suspect(findSigns(row)?.suspicious ?? null);
    }
    for (const row of fresh.rows.filter((one) => one !== '')) {
      tail.add(row);
      const fatal = findSigns(row)?.fatal;
      if (fatal && this.#isDue(fatal.sign, tail)) return this.#tell(fatal, tail);
    }
    const last = rows.findLast((row) => row !== '') ?? '';
    const prompt = this.isAnswered ? null : findFatalPrompt(last);
    if (prompt && !this.#isPast(prompt.sign.phase)) this.#tell(prompt, tail);
  }

  #readPanic(line: string): void {
    const message = kernelMessage(line);
    if (message?.whole !== true) return;
    if (this.#panic !== null && panicEnds.test(message.text)) return this.#tell(this.#panic, this.#onSerial);
    const fatal = findSigns(line)?.fatal;
    if (fatal?.sign.hostHint !== undefined) return this.#tell(fatal, this.#onSerial);
    if (fatal?.sign.code === 'kernel-panic') this.#panic ??= fatal;
  }

  #suspect(found: Found<SuspiciousSign> | null): void {
    if (found && !this.#isPast(found.sign.phase)) this.#suspicions.add(found);
  }

  get #here(): Phase {
    return this.#phases?.here ?? 'firmware';
  }

  /** What could have printed this is gone. */
  #isPast(phase: Phase): boolean {
    return isEarly(phase) && !isEarly(this.#here);
  }

  #isDue(sign: FatalSign, tail: Tail): boolean {
    if (this.#isPast(sign.phase)) return false;
    if (sign.previous?.test(tail.previous) === false) return false;
    const times = (this.#times.get(sign) ?? 0) + 1;
    this.#times.set(sign, times);
    return times >= (sign.times ?? 1);
  }

  #tell(found: Found<FatalSign>, { text: evidence }: Tail): void {
    this.#failure = { ...this.#explain(found), evidence };
    for (const listener of this.#listeners) listener(this.#failure);
  }

  #explain({ sign, detail }: Found<FatalSign>): Omit<Failure, 'evidence'> {
    const here = this.#phases?.here;
    const other = here === undefined || here === null ? undefined : sign.elsewhere?.[here];
    const phase = other === undefined || here === undefined || here === null ? sign.phase : here;
    const what = (other ?? sign.sentence).replace('$1', () => detail);
    const why = this.#suspicions.explain(sign.because ?? []);
    const { code, hostHint } = sign;
    return {
      code,
      phase,
      sentence: [what, ...why].join(', '),
      byClock: sign.byClock === true || this.#suspicions.byClock,
      ...(hostHint === undefined ? {} : { hostHint }),
    };
  }
}
