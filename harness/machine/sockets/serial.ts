import { closeSync, fstatSync, openSync, readSync, watch, type FSWatcher } from 'node:fs';
import { HostError } from '../../errors.ts';
import { shortageOf } from '../../shortage.ts';

/** How much is handed out at once. */
const chunkBytes = 64 * 1024;
/** How much is handed out before other machines have their turn. */
const turnBytes = 16 * chunkBytes;
/**
 * While the guest talks its log is read so often, and only a silent one is watched: QEMU writes byte by byte, and
 * telling us of each byte takes longer than emulating the port.
 */
const pauseMilliseconds = 5;
/** Where the host has no watches left. */
const pollMilliseconds = 50;

/** All reads are synchronous: one buffer serves every machine. */
const scratch = Buffer.alloc(chunkBytes);

/**
 * What a serial port says, read from the file that QEMU writes it to: nothing can be lost or doubled between the log
 * and what is heard, and a harness that is busy never blocks the guest. QEMU's `logfile` of a terminal is no such
 * file: it holds a byte once more for each time that the terminal was full (chardev/char.c, qemu_chr_write_buffer).
 */
export class SerialLog {
  readonly #path: string;
  readonly #listeners = new Set<(data: Uint8Array) => void>();
  #fd: number | undefined;
  #position = 0;
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  #first: NodeJS.Immediate | undefined;
  #ended = false;

  /**
   * Makes the file, empty.
   * @throws HostError `serial-log` when that cannot be done.
   */
  constructor(path: string) {
    this.#path = path;
    try {
      closeSync(openSync(path, 'w'));
    } catch (cause) {
      const message = `The log of the serial port cannot be written: ${(cause as Error).message}.`;
      throw shortageOf(cause) ?? new HostError('serial-log', message, { cause });
    }
  }

  /**
   * Calls back with what comes, which is there during the call only; the first listener, and who subscribes in the same
   * turn of the event loop, gets everything from power-on. Returns the way to unsubscribe.
   */
  onData(listener: (data: Uint8Array) => void): () => void {
    this.#listeners.add(listener);
    if (this.#fd === undefined && this.#position === 0) {
      this.#fd = openSync(this.#path, 'r');
      this.#first = setImmediate(this.#follow);
    }
    return () => this.#listeners.delete(listener);
  }

  /** QEMU has ended: hands out what is left. Resolves when that is done. */
  async finish(): Promise<void> {
    this.#ended = true;
    this.#rest();
    while (this.#read()) await new Promise((resolve) => setImmediate(resolve));
    this.#close();
  }

  #follow = (): void => {
    this.#rest();
    if (this.#read()) {
      this.#timer = setTimeout(this.#follow, pauseMilliseconds);
      return;
    }
    // The first listener came after the end.
    if (this.#ended) return this.#close();
    try {
      this.#watcher = watch(this.#path, this.#follow);
      // Gone or replaced: what is open is still QEMU's.
      this.#watcher.on('error', this.#follow);
    } catch {
      this.#timer = setTimeout(this.#follow, pollMilliseconds);
      return;
    }
    // What was written between the read and the watch woke nobody.
    if (this.#read()) this.#follow();
  };

  #close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #rest(): void {
    clearImmediate(this.#first);
    clearTimeout(this.#timer);
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  /** Hands out what is there, a turn's worth at most; whether there was anything. */
  #read(): boolean {
    let total = 0;
    while (this.#fd !== undefined && total < turnBytes) {
      const length = readSync(this.#fd, scratch, 0, chunkBytes, this.#position);
      if (length === 0) {
        if (fstatSync(this.#fd).size >= this.#position) break;
        // Somebody emptied it; QEMU goes on at its new end.
        this.#position = 0;
        continue;
      }
      this.#position += length;
      total += length;
      const data = scratch.subarray(0, length);
      for (const listener of this.#listeners) listener(data);
      // The end, or nearly: chasing a guest that talks would be waiting for it.
      if (length < chunkBytes) break;
    }
    return total > 0;
  }
}
