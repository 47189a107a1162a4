import { closeSync, openSync, writeSync } from 'node:fs';
import { terminalSize } from '../../console/serial/terminal.ts';
import type { Machine } from '../../machine/machine.ts';

/** What comes within so many milliseconds is one frame: QEMU writes byte by byte. */
const frameMilliseconds = 40;
/** A guest may talk without end: so much of the file is its beginning, and so much its end, in characters. */
const mostHead = 4 * 2 ** 20;
const mostTail = 2 ** 20;

export interface RecordingOptions {
  /** Told to whoever plays it. */
  title: string;
  /** What the file holds at least of a guest that talks too long, in characters. @default 4 Mi of its beginning, 1 Mi of its end */
  most?: { head: number; tail: number };
  /** Told once where the file cannot be written any more; the recording ends there. */
  onProblem?: (error: Error) => void;
}

/**
 * Writes what a machine says on its serial port as it says it, in asciicast v2
 * (https://docs.asciinema.org/manual/asciicast/v2/), which `asciinema play` and the report's player show. Bytes that are
 * no UTF-8 become U+FFFD; the log beside it has them. Ends with the machine.
 */
export function recordConsole(
  machine: Pick<Machine, 'exited' | 'onSerial'>,
  file: string,
  options: RecordingOptions,
): void {
  const recording = new Recording(file, options);
  machine.onSerial((bytes) => recording.take(bytes));
  void machine.exited.then(() => recording.end());
}

class Recording {
  readonly #options: RecordingOptions;
  readonly #began = performance.now();
  readonly #decoder = new TextDecoder();
  readonly #most: { head: number; tail: number };
  #fd: number | undefined;
  #frame = '';
  #frameBegan = 0;
  #timer: NodeJS.Timeout | undefined;
  #written = 0;
  /** The newest lines of those that the file has no room for, and how much was left out before them. */
  #tail: { at: number; line: string }[] = [];
  #tailLength = 0;
  #omitted = 0;
  #omittedAt = 0;

  constructor(file: string, options: RecordingOptions) {
    this.#options = options;
    this.#most = options.most ?? { head: mostHead, tail: mostTail };
    const { columns, rows } = terminalSize;
    this.#guard(() => {
      this.#fd = openSync(file, 'w');
    });
    const timestamp = Math.floor(Date.now() / 1000);
    this.#write({ version: 2, width: columns, height: rows, timestamp, title: options.title });
  }

  take(bytes: Uint8Array): void {
    const text = this.#decoder.decode(bytes, { stream: true });
    if (this.#frame === '') this.#frameBegan = this.#seconds();
    this.#frame += text;
    this.#timer ??= setTimeout(() => this.#endFrame(), frameMilliseconds);
  }

  end(): void {
    this.#frame += this.#decoder.decode();
    this.#endFrame();
    // A place to jump to, where something is missing.
    if (this.#omitted > 0)
      this.#write([this.#omittedAt, 'm', `${this.#omitted} characters are left out here`]);
    this.#writeLines(this.#tail.map(({ line }) => line));
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #endFrame(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#frame === '') return;
    const at = this.#frameBegan;
    const line = JSON.stringify([at, 'o', this.#frame]);
    this.#frame = '';
    if (this.#written + line.length <= this.#most.head && this.#tail.length === 0) {
      this.#writeLines([line]);
      return;
    }
    this.#tail.push({ at, line });
    this.#tailLength += line.length;
    while (this.#tailLength > this.#most.tail) {
      const [oldest] = this.#tail.splice(0, 1);
      if (oldest === undefined) break;
      this.#tailLength -= oldest.line.length;
      this.#omitted += oldest.line.length;
      this.#omittedAt = oldest.at;
    }
  }

  #write(value: unknown): void {
    this.#writeLines([JSON.stringify(value)]);
  }

  #writeLines(lines: readonly string[]): void {
    const fd = this.#fd;
    if (fd === undefined || lines.length === 0) return;
    this.#guard(() => {
      for (const line of lines) {
        writeSync(fd, `${line}\n`);
        this.#written += line.length;
      }
    });
  }

  /** A recording that cannot be written must not end the run. */
  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (this.#fd !== undefined) closeSync(this.#fd);
      this.#fd = undefined;
      this.#options.onProblem?.(error as Error);
    }
  }

  #seconds(): number {
    return Math.round(performance.now() - this.#began) / 1000;
  }
}
