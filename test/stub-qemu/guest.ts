import { openSync, writeSync } from 'node:fs';
import { spawn } from 'node-pty';
import type { SendEvent } from './monitor.ts';

/** The serial port of the machine that is played, and its log. */
export class Guest {
  readonly event: SendEvent;
  readonly #log: number | undefined;

  constructor(serialLog: string | undefined, event: SendEvent) {
    this.event = event;
    this.#log = serialLog === undefined ? undefined : openSync(serialLog, 'w');
    process.stdin.on('data', (data) => this.#listener?.(data));
  }
  #listener: ((data: Buffer) => void) | undefined;

  /** Writes to the serial port; every line ends as a guest's terminal ends it. */
  say(text: string | Uint8Array): void {
    const bytes = typeof text === 'string' ? Buffer.from(text.replaceAll('\n', '\r\n')) : text;
    process.stdout.write(bytes);
    if (this.#log !== undefined) writeSync(this.#log, bytes);
  }

  /** Gives the port to a shell on a terminal of its own, as a getty does. */
  openShell(prompt: string): void {
    const shell = spawn('/bin/sh', ['-i'], {
      encoding: null,
      cwd: '/',
      env: { PATH: process.env['PATH'] ?? '', TERM: 'vt220', HOME: '/', PS1: prompt },
    });
    shell.onData((data) => this.say(data as unknown as Uint8Array));
    this.#listener = (data) => shell.write(data);
  }
}
