import { writeSync } from 'node:fs';

/** What a guest leaves unread beyond this is thrown away. */
const limitBytes = 256 * 1024;
const retryMilliseconds = 10;

/** The end of a terminal at which one types. */
export interface TypingEnd {
  /** Non-blocking. */
  readonly fd: number;
  isOpen(): boolean;
}

/**
 * What is typed at a terminal, in order, also where nobody reads for a while. node-pty's own writer then takes a whole
 * core and any amount of memory, and prints to our terminal when the other end is gone.
 */
export class TerminalInput {
  readonly #end: TypingEnd;
  #queue: Buffer[] = [];
  #length = 0;
  #retry: NodeJS.Timeout | undefined;

  constructor(end: TypingEnd) {
    this.#end = end;
  }

  /** Whether it was taken: not where too much is unread, or nobody is there. */
  write(data: string | Uint8Array): boolean {
    const bytes = Buffer.from(data as Uint8Array);
    if (this.#length + bytes.length > limitBytes || !this.#end.isOpen()) return false;
    this.#queue.push(bytes);
    this.#length += bytes.length;
    if (this.#retry === undefined) this.#flush();
    return true;
  }

  #flush(): void {
    this.#retry = undefined;
    for (let [next] = this.#queue; next !== undefined; [next] = this.#queue) {
      const written = this.#end.isOpen() ? this.#tryWrite(next) : null;
      if (written === null) {
        this.#queue = [];
        this.#length = 0;
        return;
      }
      if (written === 0) {
        this.#retry = setTimeout(() => this.#flush(), retryMilliseconds);
        return;
      }
      this.#length -= written;
      if (written === next.length) this.#queue.shift();
      else this.#queue[0] = next.subarray(written);
    }
  }

  /** How much the terminal took; null when nobody is there any more. */
  #tryWrite(data: Buffer): number | null {
    try {
      return writeSync(this.#end.fd, data);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EAGAIN' ? 0 : null;
    }
  }
}
