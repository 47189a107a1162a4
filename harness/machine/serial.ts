import { open } from 'node:fs/promises';

const chunkBytes = 65_536;

/**
 * The bytes of a serial port, complete: those from before the first listener are kept for it, and those that the
 * terminal lost at QEMU's end (microsoft/node-pty#72) are read from QEMU's own log, which holds the same bytes.
 */
export class SerialPort {
  readonly #log: string;
  readonly #listeners = new Set<(data: Uint8Array) => void>();
  #unheard: Uint8Array[] | undefined = [];
  #received = 0;

  /** @param log path of QEMU's log of this port. */
  constructor(log: string) {
    this.#log = log;
  }

  receive(data: Uint8Array): void {
    this.#received += data.byteLength;
    if (this.#unheard !== undefined) this.#unheard.push(data);
    for (const listener of this.#listeners) listener(data);
  }

  subscribe(listener: (data: Uint8Array) => void): () => void {
    this.#listeners.add(listener);
    const unheard = this.#unheard ?? [];
    this.#unheard = undefined;
    for (const data of unheard) listener(data);
    return () => this.#listeners.delete(listener);
  }

  /** QEMU has ended: hands out what its log holds beyond what the terminal gave. */
  async finish(): Promise<void> {
    const log = await open(this.#log).catch(() => undefined);
    if (log === undefined) return;
    try {
      for (;;) {
        const { bytesRead, buffer } = await log.read(Buffer.alloc(chunkBytes), 0, chunkBytes, this.#received);
        if (bytesRead === 0) return;
        this.receive(buffer.subarray(0, bytesRead));
      }
    } finally {
      await log.close();
    }
  }
}
