import { open } from 'node:fs/promises';
import { Channel } from './channel.ts';

const chunkBytes = 65_536;

/**
 * The bytes of a serial port, complete: those that the terminal lost at QEMU's end (microsoft/node-pty#72) are read
 * from QEMU's own log, which holds the same bytes.
 */
export class SerialPort {
  readonly output = new Channel<Uint8Array>();
  readonly #log: string;
  #received = 0;

  /** @param log path of QEMU's log of this port. */
  constructor(log: string) {
    this.#log = log;
  }

  receive(data: Uint8Array): void {
    this.#received += data.byteLength;
    this.output.emit(data);
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
