import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { GuestError } from '../../errors.ts';
import type { MachinePort } from '../../machine/machine.ts';

/** Seconds for an answer; the agent does nothing long by itself. */
const answerSeconds = 30;
/** The most that an answer may have: 16 MiB of output in base64, and what is around it. */
const longestAnswer = 24 * 2 ** 20;
/** So many lines that are no answer to a question come from no agent: whatever speaks there is not listened to any more. */
const mostNoise = 1000;
const newline = 0x0a;
/** Never part of JSON in UTF-8: what came before it is of an earlier conversation. */
const flush = 0xff;

const answer = z.union([
  z.object({ return: z.unknown() }),
  z.object({ error: z.object({ desc: z.string() }) }),
]);
type Answer = z.infer<typeof answer>;

/**
 * QEMU's guest agent, one command at a time, see https://www.qemu.org/docs/master/interop/qemu-ga-ref.html. What it says
 * is a guest's: anything may come, or nothing.
 */
export class GuestAgent {
  readonly #port: MachinePort;
  readonly #slowness: number;
  readonly #signal: AbortSignal;
  #line: Buffer[] = [];
  #length = 0;
  /** Null while nobody asks: what comes then is no answer. */
  #hear: ((answer: Answer) => void) | null = null;
  #noise = 0;
  #isInStep = false;
  readonly #deaf = new AbortController();

  /**
   * @param port of the machine that leads to the agent.
   * @param options.signal ends what is under way, and the listening.
   */
  constructor(port: MachinePort, { slowness, signal }: { slowness: number; signal: AbortSignal }) {
    this.#port = port;
    this.#slowness = slowness;
    this.#signal = signal;
    const end = port.onData((data) => this.#receive(Buffer.from(data)));
    for (const one of [signal, this.#deaf.signal]) one.addEventListener('abort', end, { once: true });
  }

  /**
   * Runs one of its commands.
   * @throws GuestError `agent-refused` with its reason, `agent-silent` when no answer came,
   * `agent-garbled` when all that comes is none.
   */
  async call(execute: string, args: Record<string, unknown> = {}): Promise<unknown> {
    if (!this.#isInStep) await this.#synchronise();
    const said = await this.#ask(`${JSON.stringify({ execute, arguments: args })}\n`, () => true);
    if ('error' in said)
      throw new GuestError('agent-refused', `the guest agent refused ${execute}: ${said.error.desc}`);
    return said.return;
  }

  /** What answers with our number has read all that came before, and is no other machine's. */
  async #synchronise(): Promise<void> {
    const id = randomInt(2 ** 31);
    const question = JSON.stringify({ execute: 'guest-sync-delimited', arguments: { id } });
    // The byte also ends a command that was left half said.
    await this.#ask(
      Buffer.concat([Buffer.of(flush), Buffer.from(`${question}\n`)]),
      (said) => 'return' in said && said.return === id,
    );
    this.#isInStep = true;
  }

  async #ask(question: string | Buffer, isOurs: (said: Answer) => boolean): Promise<Answer> {
    this.#deaf.signal.throwIfAborted();
    const { promise, resolve } = Promise.withResolvers<Answer>();
    const ends = new AbortController();
    const signal = AbortSignal.any([this.#signal, this.#deaf.signal, ends.signal]);
    const seconds = answerSeconds * this.#slowness;
    this.#hear = (said) => {
      if (isOurs(said)) resolve(said);
    };
    this.#port.write(question);
    try {
      const late = sleep(seconds * 1000, null, { signal });
      const said = await Promise.race([promise, late]);
      if (said !== null) return said;
    } catch (error) {
      this.#deaf.signal.throwIfAborted();
      throw error;
    } finally {
      this.#hear = null;
      ends.abort();
    }
    this.#isInStep = false;
    throw new GuestError('agent-silent', `the guest agent gave no answer within ${Math.round(seconds)} s`, {
      ranOut: true,
    });
  }

  #receive(data: Buffer): void {
    if (this.#hear === null) return this.#forget();
    let rest = data;
    for (
      let at = rest.indexOf(newline);
      at !== -1 && !this.#deaf.signal.aborted;
      at = rest.indexOf(newline)
    ) {
      this.#keep(rest.subarray(0, at));
      this.#read(Buffer.concat(this.#line));
      this.#forget();
      rest = rest.subarray(at + 1);
    }
    this.#keep(rest);
  }

  #keep(data: Buffer): void {
    this.#line.push(data);
    this.#length += data.length;
    if (this.#length > longestAnswer) this.#forget();
  }

  #forget(): void {
    [this.#line, this.#length] = [[], 0];
  }

  #read(line: Buffer): void {
    const text = line.subarray(line.lastIndexOf(flush) + 1).toString();
    const parsed = answer.safeParse(parseJson(text));
    if (parsed.success) this.#hear?.(parsed.data);
    this.#noise = parsed.success ? 0 : this.#noise + 1;
    if (this.#noise <= mostNoise) return;
    this.#deaf.abort(
      new GuestError(
        'agent-garbled',
        `the guest agent's channel sent ${mostNoise} lines, none of them an answer`,
        {
          evidence: text.slice(0, 1000),
        },
      ),
    );
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
