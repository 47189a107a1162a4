import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn, type IPty } from 'node-pty';
import type { SerialPort } from '../shells/framed-shell.ts';
import { Transcript } from '../serial/transcript.ts';
import { seededRandom } from './random.ts';

export interface Noise {
  seed: number;
  /** Probability of a kernel message before a byte of output. */
  messages: number;
  /** Probability that a byte of output is lost. */
  lost: number;
  /** Probability that a byte of output comes twice. */
  doubled?: number;
  /** Probability that a character of input is lost. */
  lostInput?: number;
}

const quiet: Noise = { seed: 1, messages: 0, lost: 0 };

export interface PtyGuestOptions {
  /** The program on the line. */
  command: string;
  args?: string[];
  env?: Record<string, string>;
  /** What `/bin/sh` is in this guest; this machine's own without it. */
  sh?: string;
  noise?: Noise;
  /** Bytes at a time, as QEMU's UART hands them over. @default 17 */
  chunk?: number;
}

/** A real program behind a real terminal line, with a serial console's faults. */
export class PtyGuest implements SerialPort, Disposable {
  readonly transcript = new Transcript();
  /** What was typed. */
  typed = '';
  readonly #pty: IPty;
  /** The test's own files; removed with the guest. */
  readonly directory = mkdtempSync(join(tmpdir(), 'pty-guest-'));
  readonly #sh: string;
  readonly #random: () => number;
  readonly #noise: Noise;

  constructor({ command, args = [], env = {}, sh, noise = quiet, chunk = 17 }: PtyGuestOptions) {
    this.#noise = noise;
    this.#random = seededRandom(noise.seed);
    this.#sh = sh === undefined ? '/bin/sh' : join(this.directory, 'sh');
    if (sh !== undefined) symlinkSync(sh, this.#sh);
    // What a boot printed before: it tells that userspace runs.
    this.transcript.append(Buffer.from('Welcome to a test guest!\r\n'));
    this.#pty = spawn(command, args, {
      encoding: null,
      cols: 80,
      rows: 24,
      env: { ...process.env, PS1: '[guest]# ', ENV: '', TERM: 'vt220', ...env },
    });
    (this.#pty.onData as unknown as (listener: (data: Buffer) => void) => void)((data) => {
      const bytes = this.#disturb(data);
      for (let at = 0; at < bytes.length; at += chunk) this.transcript.append(bytes.subarray(at, at + chunk));
    });
  }

  write(data: string): void {
    this.typed += data;
    const kept = [...data.replaceAll('/bin/sh', this.#sh)].filter(
      () => this.#random() >= (this.#noise.lostInput ?? 0),
    );
    this.#pty.write(kept.join(''));
  }

  [Symbol.dispose](): void {
    this.#pty.kill('SIGKILL');
    rmSync(this.directory, { recursive: true, force: true });
  }

  #disturb(data: Buffer): Buffer {
    const { messages, lost, doubled = 0 } = this.#noise;
    if (messages === 0 && lost === 0 && doubled === 0) return data;
    const out: number[] = [];
    for (const byte of data) {
      if (this.#random() < messages) {
        const time = (this.#random() * 1000).toFixed(6).padStart(12);
        out.push(...Buffer.from(`[${time}] usb 1-1: new high-speed USB device number 2\r\n`));
      }
      if (this.#random() >= lost) out.push(byte);
      if (this.#random() < doubled) out.push(byte);
    }
    return Buffer.from(out);
  }
}
