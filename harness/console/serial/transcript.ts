import { GuestError } from '../../errors.ts';
import { LineCleaner, maxLineLength } from './clean.ts';

/** A place in the clean text: the number of characters before it since power-on. */
export type Position = number;

export interface Match {
  /** Where the match begins and ends. */
  start: Position;
  end: Position;
  text: string;
  /** The pattern's groups; empty for a string. */
  groups: (string | undefined)[];
}

export interface WaitOptions {
  /** Only what comes after this place counts. @default 0: everything that is still kept. */
  from?: Position;
  signal?: AbortSignal | undefined;
  /** Milliseconds. @default no limit */
  timeoutMs?: number | undefined;
}

interface Waiter {
  pattern: RegExp;
  from: Position;
  /** What was looked at already. */
  scanned: Position;
  resolve(match: Match): void;
}

/** How far back a match may begin in text that was looked at already: the longest match that is sure to be found. */
const overlap = 1024;

const blockLength = 64 * 1024;

/**
 * What the guest said on one console, as clean text. Memory is bounded: the last `keep` characters; the raw bytes are
 * in QEMU's own log. Every cost is linear in the output, however small the chunks and however long the lines.
 */
export class Transcript {
  readonly #cleaner = new LineCleaner();
  readonly #keep: number;
  /** Finished text in blocks, so that dropping the oldest costs nothing and appending never copies the rest. */
  #blocks: string[] = [];
  #open: string[] = [];
  #openLength = 0;
  #dropped = 0;
  /** Length of all finished text since power-on. */
  #finished = 0;
  /** The end of the finished text, at least `overlap` characters of it: all that a waiter looks back at. */
  #recent = '';
  #waiters = new Set<Waiter>();
  #lineListeners = new Set<(line: string) => void>();
  #changeListeners = new Set<() => void>();

  /** @param keep characters of clean text to keep. @default 1 Mi */
  constructor(keep = 1024 * 1024) {
    this.#keep = keep;
  }

  /** Where the text ends now. Can go back by a few characters when the guest erases what it wrote. */
  get end(): Position {
    return this.#finished + this.#cleaner.line.length;
  }

  /** The line that is not finished: a prompt, or a part of a line. */
  get line(): string {
    return this.#cleaner.line;
  }

  /** How many lines have ended before `line`. Messages that came while it stood there are not among them. */
  get lineNumber(): number {
    return this.#cleaner.lines;
  }

  /** Takes the next bytes from the console. */
  append(data: Uint8Array): void {
    const before = this.#recent;
    const finished = this.#cleaner.push(data);
    if (finished !== '') {
      this.#keepText(finished);
      this.#recent =
        before.length + finished.length > 2 * overlap
          ? (before + finished).slice(-overlap)
          : before + finished;
    }
    if (this.#waiters.size > 0) this.#scan(before + finished + this.#cleaner.line);
    if (finished !== '' && this.#lineListeners.size > 0) this.#tellLines(finished);
    for (const listener of this.#changeListeners) listener();
  }

  /** The clean text from `from` on, as far as it is kept. */
  text(from: Position = 0): string {
    const all = [...this.#blocks, ...this.#open, this.#cleaner.line].join('');
    return all.slice(Math.max(0, from - this.#dropped));
  }

  /** The last lines, for a message. */
  tail(lines = 20): string {
    return this.text(this.end - lines * 200)
      .trimEnd()
      .split('\n')
      .slice(-lines)
      .join('\n');
  }

  /**
   * Resolves at the first match. A match of more than 1024 characters may be missed.
   * @throws GuestError `console-timeout` when it did not come in time; the signal's reason when that aborted.
   */
  async waitFor(pattern: RegExp | string, options: WaitOptions = {}): Promise<Match> {
    const { from = 0, signal, timeoutMs } = options;
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<Match>();
    const waiter: Waiter = { pattern: toGlobal(pattern), from, scanned: from, resolve };
    const kept = Math.max(from, this.#dropped);
    const found = find(waiter, this.text(kept), kept, kept);
    if (found) return found;
    waiter.scanned = this.end;

    const onAbort = () => reject(signal?.reason);
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            const message = `The console did not say ${String(pattern)} within ${timeoutMs / 1000} s.`;
            reject(new GuestError('console-timeout', message, { evidence: this.tail(), ranOut: true }));
          }, timeoutMs);
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#waiters.add(waiter);
    try {
      return await promise;
    } finally {
      this.#waiters.delete(waiter);
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /**
   * Calls back with each line once it is finished, without its newline; a line of more than 4096 characters comes in
   * pieces. Returns the way to unsubscribe.
   */
  onLine(listener: (line: string) => void): () => void {
    this.#lineListeners.add(listener);
    return () => this.#lineListeners.delete(listener);
  }

  /** Calls back after each chunk; `line` may hold a prompt then. Returns the way to unsubscribe. */
  onChange(listener: () => void): () => void {
    this.#changeListeners.add(listener);
    return () => this.#changeListeners.delete(listener);
  }

  #keepText(finished: string): void {
    this.#finished += finished.length;
    this.#open.push(finished);
    this.#openLength += finished.length;
    if (this.#openLength < blockLength) return;
    const block = this.#open.join('');
    for (let at = 0; at < block.length; at += blockLength)
      this.#blocks.push(block.slice(at, at + blockLength));
    this.#open = [];
    this.#openLength = 0;
    while (this.#finished - this.#dropped - (this.#blocks[0]?.length ?? 0) >= this.#keep) {
      this.#dropped += this.#blocks.shift()?.length ?? 0;
    }
  }

  #scan(view: string): void {
    const viewStart = this.end - view.length;
    for (const waiter of this.#waiters) {
      const looked = Math.min(waiter.scanned, this.end);
      const start = Math.max(waiter.from, looked - overlap, viewStart);
      const match = find(waiter, view, viewStart, start);
      waiter.scanned = this.end;
      if (match) {
        this.#waiters.delete(waiter);
        waiter.resolve(match);
      }
    }
  }

  #tellLines(finished: string): void {
    const lines = finished.split('\n');
    if (lines.at(-1) === '') lines.pop();
    for (const line of lines) {
      for (let at = 0; at === 0 || at < line.length; at += maxLineLength) {
        const piece = line.length > maxLineLength ? line.slice(at, at + maxLineLength) : line;
        for (const listener of this.#lineListeners) listener(piece);
      }
    }
  }
}

function find(waiter: Waiter, view: string, viewStart: Position, start: Position): Match | null {
  waiter.pattern.lastIndex = Math.max(0, start - viewStart);
  const match = waiter.pattern.exec(view);
  if (!match) return null;
  const [text, ...groups] = match;
  const at = viewStart + match.index;
  return { start: at, end: at + text.length, text, groups };
}

function toGlobal(pattern: RegExp | string): RegExp {
  if (typeof pattern === 'string')
    return new RegExp(pattern.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`), 'g');
  return new RegExp(pattern.source, `${pattern.flags.replace(/[gy]/g, '')}g`);
}
