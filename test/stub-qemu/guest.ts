import { writeSync } from 'node:fs';
import { delimiter } from 'node:path';
import { spawn } from 'node-pty';
import type { Monitor, SendEvent } from './monitor.ts';

/** The serial port of the machine that is played: standard input and output. */
export class Guest {
  readonly event: SendEvent;
  /** Ends the connection to QEMU's monitor. */
  readonly hangUp: () => void;
  /** Whether its kernel was told to. */
  readonly speaksOnSerial: boolean;
  /** Gets what is typed on the port. */
  onTyped: ((data: Buffer) => void) | undefined;
  /** Gets each key that is pressed on the virtual keyboard, by QEMU's name for it. */
  onKey: ((key: string) => void) | undefined;
  /** What is to happen once so many bytes were said. */
  #moment: { bytes: number; happens: () => void } | undefined;
  #said = 0;

  /** @param kernelOptions the command line of its kernel, as far as it was given one */
  constructor({ event, hangUp }: Monitor, kernelOptions = '') {
    this.speaksOnSerial = kernelOptions.includes('console=ttyS0');
    this.event = event;
    this.hangUp = hangUp;
    process.stdin.on('data', (data) => this.onTyped?.(data));
  }

  /** Has something happen once, right after so many bytes were said. */
  after(bytes: number, happens: () => void): void {
    this.#moment = { bytes, happens };
  }

  /** Writes to the serial port; every line of a text ends as a guest's terminal ends it. */
  say(text: string | Uint8Array): void {
    const bytes = typeof text === 'string' ? Buffer.from(text.replaceAll('\n', '\r\n')) : text;
    const moment = this.#moment;
    if (moment === undefined || this.#said + bytes.length < moment.bytes) return this.#write(bytes);
    this.#moment = undefined;
    const first = Math.max(0, moment.bytes - this.#said);
    this.#write(bytes.subarray(0, first));
    moment.happens();
    this.#write(bytes.subarray(first));
  }

  #write(bytes: Uint8Array): void {
    this.#said += bytes.length;
    try {
      writeSync(process.stdout.fd, bytes);
    } catch {
      // As QEMU does it: what cannot be written is lost, and the machine goes on.
    }
  }

  /** Gives the port to a shell on a terminal of its own, as a getty does; `directory` comes first on its PATH. */
  openShell(prompt: string, directory?: string): void {
    const path = [directory, process.env['PATH']].filter((one) => one !== undefined).join(delimiter);
    const shell = spawn('/bin/sh', ['-i'], {
      encoding: null,
      cwd: '/',
      env: { PATH: path, TERM: 'vt220', HOME: '/', PS1: prompt, STUB_NODE: process.execPath },
    });
    shell.onData((data) => this.say(data as unknown as Uint8Array));
    this.onTyped = (data) => shell.write(data);
  }
}
