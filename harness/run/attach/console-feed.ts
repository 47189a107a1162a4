import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Writable } from 'node:stream';

const chunkBytes = 64 * 1024;

/**
 * Hands a serial log on to one who looks, from its beginning and as it grows. A slow reader is waited for, which costs
 * nothing: what it has not read yet stands in the file.
 */
export class ConsoleFeed {
  readonly #fd: number;
  readonly #to: Writable;
  #position = 0;
  #isFull = false;
  #isWhole = false;
  #isClosed = false;

  /** @throws Error where the log cannot be read */
  constructor(log: string, to: Writable) {
    this.#fd = openSync(log, 'r');
    this.#to = to;
    to.on('drain', () => {
      this.#isFull = false;
      this.pump();
    });
    to.once('close', () => this.#close());
  }

  /** To be called whenever the log may have grown. */
  pump(): void {
    while (!this.#isFull && !this.#isClosed) {
      const chunk = Buffer.alloc(chunkBytes);
      const length = readSync(this.#fd, chunk, 0, chunkBytes, this.#position);
      if (length > 0) {
        this.#position += length;
        this.#isFull = !this.#to.write(chunk.subarray(0, length));
      } else if (fstatSync(this.#fd).size < this.#position) {
        // Somebody emptied it; QEMU goes on at its new end.
        this.#position = 0;
      } else {
        if (this.#isWhole) this.#finish();
        return;
      }
    }
  }

  /** The log grows no more: hands out what is left, then ends the reader's stream. */
  end(): void {
    this.#isWhole = true;
    this.pump();
  }

  #finish(): void {
    this.#close();
    this.#to.end();
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    closeSync(this.#fd);
  }
}
