import { GuestError, UsageError } from '../../errors.ts';
import type { Access } from '../../events.ts';
import { cksum } from './cksum.ts';
import {
  type Answer,
  AnswerReader,
  blockRequest,
  decodeResult,
  endRequest,
  scriptRequests,
} from './frame.ts';
import { type CommandResult, maxOutputBytes, nameOf, outputTooLong, type Shell } from './shell.ts';
import type { Transcript } from '../serial/transcript.ts';

/** A line to a guest, both ways: what is written goes there, what comes back is in the transcript. */
export interface SerialPort {
  write(data: string): void;
  readonly transcript: Transcript;
}

/** Lines of base64 asked for at once. */
const firstBlockLines = 400;
const largestBlockLines = 1600;
/**
 * Seconds without any part of an answer after which a request is sent again, which is harmless; doubled each time. At
 * least four times what answers took of late: on a busy host a guest is slow without having lost anything.
 */
const firstWait = 2;
const longestWait = 60;
/** Seconds for an interrupted script to tell how far it came. */
const graceSeconds = 5;
/** Linux takes no longer single argument (MAX_ARG_STRLEN, 128 KiB). */
const longestScript = 120_000;

/** Characters of base64, with a newline after each 76, and the status. */
const longestAnswer = Math.ceil((maxOutputBytes / 57 + 1) * 77);

/** Runs scripts in a guest through the server of `frame.ts`, one at a time. */
export class FramedShell implements Shell {
  readonly access: Access;
  readonly #nonce: string;
  readonly #conversation: Conversation;
  readonly #port: SerialPort;
  readonly #slowness: number;
  #user = '';
  #queue: Promise<unknown> = Promise.resolve();

  /** @param nonce of the server that reads behind the port */
  constructor(port: SerialPort, nonce: string, options: { access: Access; slowness: number }) {
    this.access = options.access;
    this.#nonce = nonce;
    this.#port = port;
    this.#slowness = options.slowness;
    this.#conversation = new Conversation(port, nonce, options.slowness);
  }

  get user(): string {
    return this.#user;
  }

  /** Asks who the shell runs as, which proves it. */
  async prove(): Promise<void> {
    const { status, output } = await this.run('id -un || id -u');
    if (status !== 0)
      throw new GuestError('no-shell', 'The shell on the console cannot run `id`.', { evidence: output });
    this.#user = output.trim();
  }

  leave(): void {
    this.#port.write(`${endRequest(this.#nonce)}\r`);
  }

  run(script: string, { timeoutSeconds = 60 }: { timeoutSeconds?: number } = {}): Promise<CommandResult> {
    const bytes = Buffer.byteLength(script);
    if (script.includes('\0') || bytes > longestScript) {
      const message = `A script for a guest must be at most ${longestScript} bytes, without NUL; got ${bytes} bytes.`;
      return Promise.reject(new UsageError('bad-script', message));
    }
    const result = this.#queue.then(() => this.#run(script, timeoutSeconds * this.#slowness));
    this.#queue = result.catch(() => {});
    return result;
  }

  async #run(script: string, seconds: number): Promise<CommandResult> {
    const began = this.#port.transcript.end;
    const what = nameOf(script);
    const result = await this.#conversation.run(script, seconds);
    if (result === 'too long') throw outputTooLong(what);
    if (result !== null) return result;

    const { started, ended } = this.#conversation;
    this.#port.write('\x03');
    const partial = started ? await this.#conversation.fetch(graceSeconds * this.#slowness) : null;
    const evidence =
      (partial === 'too long' ? null : partial?.output) ?? this.#port.transcript.text(began).slice(-4000);
    throw ended
      ? new GuestError('console-garbled', `The answer to \`${what}\` never came through the console whole.`, {
          evidence,
          ranOut: true,
        })
      : new GuestError('command-timeout', `\`${what}\` did not end within ${Math.round(seconds)} s.`, {
          evidence,
          ranOut: true,
        });
  }
}

type Outcome = CommandResult | 'too long' | null;

/** The requests for one script after another, each repeated until its answer came. */
class Conversation {
  /** The guest took the last script. */
  started = false;
  /** The guest told that the last script had ended. */
  ended = false;
  readonly #port: SerialPort;
  readonly #nonce: string;
  readonly #slowness: number;
  #sequence = 0;
  /** The request that runs the last script, and once it has run asks for the result. */
  #execute = '';
  #deadline = 0;
  /** Lines of the next block: half of it when noise got into a block, a quarter more when none did. */
  #blockLines = firstBlockLines;
  /** Answers that came while nobody was asking: several can come in one chunk. */
  #inbox: Answer[] = [];
  #stir: (() => void) | null = null;
  /** How long answers took to begin, in milliseconds: the slowest, fading. */
  #latency = 0;
  #answeredAt: number | null = null;

  constructor(port: SerialPort, nonce: string, slowness: number) {
    this.#port = port;
    this.#nonce = nonce;
    this.#slowness = slowness;
    const reader = new AnswerReader(nonce);
    port.transcript.onLine((line) => {
      const answer = reader.read(line);
      if (answer === null) return;
      this.#answeredAt ??= performance.now();
      if (answer !== 'progress' && isOf(answer, this.#sequence)) this.#inbox.push(answer);
      this.#stir?.();
    });
  }

  /** Null when the time ran out. */
  async run(script: string, seconds: number): Promise<Outcome> {
    this.#deadline = performance.now() + seconds * 1000;
    this.#sequence += 1;
    this.#inbox = [];
    this.started = false;
    this.ended = false;
    const pieces = scriptRequests(this.#nonce, this.#sequence, script);
    this.#execute = pieces.pop() ?? '';
    for (const [index, piece] of pieces.entries()) {
      const taken = await this.#ask(piece, (answer) =>
        answer.kind === 'piece' && answer.piece === index ? true : null,
      );
      if (taken === null) return null;
    }
    return this.#result();
  }

  /** Asks again for the result of the last script; an interrupted one has a result, too. */
  async fetch(seconds: number): Promise<Outcome> {
    this.#deadline = performance.now() + seconds * 1000;
    return this.#result();
  }

  async #result(): Promise<Outcome> {
    for (;;) {
      const told = await this.#ask(this.#execute, (answer) => {
        if (answer.kind === 'started') this.started = true;
        return answer.kind === 'short' || answer.kind === 'long' ? answer : null;
      });
      if (told === null) return null;
      this.started = true;
      this.ended = true;
      if (told.kind === 'long' && lengthOf(told.cksum) > longestAnswer) return 'too long';
      const encoded = told.kind === 'short' ? told.text : await this.#collect(told.cksum);
      const result = encoded === null ? null : decodeResult(encoded);
      if (result !== null) return result;
    }
  }

  /** A long output, block by block; null when the time ran out, or when the blocks are not what was announced. */
  async #collect(announced: string): Promise<string | null> {
    const length = lengthOf(announced);
    let output = '';
    for (let from = 1; output.length < length;) {
      const request = blockRequest(this.#nonce, this.#sequence, from, this.#blockLines);
      const block = await this.#ask(request, (answer) =>
        answer.kind === 'block' && answer.from === from ? answer : null,
      );
      if (block === null) return null;
      if (block.text === null) {
        this.#blockLines = Math.max(1, this.#blockLines >> 1);
        continue;
      }
      output += from === 1 ? block.text : `\n${block.text}`;
      from += block.text.split('\n').length;
      this.#blockLines = Math.min(largestBlockLines, Math.ceil(this.#blockLines * 1.25));
    }
    // Each block was whole; this finds a damaged announcement, and then all is asked for again.
    return cksum(output) === announced ? output : null;
  }

  /** Sends a request, again after silence or a refusal, until `accept` takes an answer; null when the time ran out. */
  async #ask<T>(request: string, accept: (answer: Answer) => T | null): Promise<T | null> {
    let wait = Math.max(firstWait * this.#slowness * 1000, 4 * this.#latency);
    const askedAt = performance.now();
    this.#answeredAt = null;
    this.#port.write(`${request}\r`);
    while (performance.now() < this.#deadline) {
      const answer = await this.#hear(accept, wait);
      if (typeof answer === 'object') {
        this.#latency = Math.max((this.#answeredAt ?? askedAt) - askedAt, this.#latency * 0.8);
        return answer.taken;
      }
      if (answer === 'silence') wait = Math.min(2 * wait, longestWait * this.#slowness * 1000);
      if (performance.now() < this.#deadline) this.#port.write(`${request}\r`);
    }
    return null;
  }

  async #hear<T>(
    accept: (answer: Answer) => T | null,
    waitMs: number,
  ): Promise<{ taken: T } | 'silence' | 'refused'> {
    const { promise, resolve } = Promise.withResolvers<{ taken: T } | 'silence' | 'refused'>();
    const timer = setTimeout(() => resolve('silence'), Math.min(waitMs, this.#deadline - performance.now()));
    // A machine that is gone must not keep the process waiting for an answer.
    timer.unref();
    this.#stir = () => {
      timer.refresh();
      for (let answer = this.#inbox.shift(); answer !== undefined; answer = this.#inbox.shift()) {
        const taken = answer.kind === 'refused' ? null : accept(answer);
        if (answer.kind !== 'refused' && taken === null) continue;
        // What else came in the same chunk is for the next question.
        this.#stir = null;
        return resolve(taken === null ? 'refused' : { taken });
      }
    };
    this.#stir();
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#stir = null;
    }
  }
}

/** Of what a `cksum` is of. */
const lengthOf = (sum: string): number => Number(sum.split('-')[1]);

function isOf(answer: Answer, sequence: number): boolean {
  return !('sequence' in answer) || answer.sequence === sequence;
}
