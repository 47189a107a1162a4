import type { Guest } from '../../harness/console/guest.ts';
import type { Chord } from '../../harness/console/keys/keyboard.ts';
import { quote } from '../../harness/shell-quote.ts';
import { runAsRoot } from '../guest-script.ts';
import { enter } from './keys.ts';

/** A process in the guest that keeps what is typed, by the line. */
export interface ReaderProcess {
  pid: number;
  /** The file that it writes. */
  path: string;
}

/** A program behind the virtual screen that keeps what is typed next. */
export interface ScreenReader extends ReaderProcess {
  /** Whom it runs as. */
  uid: number;
  user: string;
  /** Where it is, for people: its terminal and the processes above it, or whose session. */
  place: string;
  /** How it came to be, for people. */
  action: string;
  /** Ends it and removes its file; answers with the file's owner. */
  end(): Promise<number>;
}

/** Seconds from the last key to the last line. */
const answerSeconds = 10;

/** Defines `in_time`, by the guest's uptime: a count of rounds is no time in a slow machine. */
export const deadline = (seconds: number): string => `
read -r now rest < /proc/uptime; end=$((\${now%.*} + ${Math.ceil(seconds)}))
in_time() { read -r now rest < /proc/uptime; [ \${now%.*} -lt $end ]; }`;

/** Types lines into a running reader and reads back what came of them. */
export class LineReader {
  readonly #guest: Guest;
  readonly #process: ReaderProcess;
  #bytes = 0;
  #lines = 0;
  /** Something of an earlier line may still wait for its Return. */
  #unfinished = false;

  constructor(guest: Guest, process: ReaderProcess) {
    this.#guest = guest;
    this.#process = process;
  }

  /**
   * Presses lines, each with a Return, and answers with what each gave; the guest tells by its file when it has them all.
   * @returns null where a Return was lost, or came twice: nobody knows then which line is which. Asking again is safe.
   */
  async ask(lines: readonly (readonly Chord[])[]): Promise<string[] | null> {
    const all = this.#unfinished ? [[], ...lines] : lines;
    await this.#guest.keyboard.press(all.flatMap((chords) => [...chords, enter]));
    const got = await this.#read(this.#lines + all.length);
    this.#unfinished = got.length !== all.length;
    return this.#unfinished ? null : got.slice(-lines.length);
  }

  /** The lines that came since the last time; waits until there are `wanted` in all, or no more come. */
  async #read(wanted: number): Promise<string[]> {
    const { slowness } = this.#guest;
    const path = quote(this.#process.path);
    const { output } = await runAsRoot(
      this.#guest,
      `
${deadline(answerSeconds * slowness)}
while [ "$(wc -l < ${path})" -lt ${wanted} ] && [ -d /proc/${this.#process.pid} ] && in_time; do sleep 0.1; done
tail -c +${this.#bytes + 1} ${path} | base64`,
      answerSeconds + 30,
    );
    const bytes = Buffer.from(output.replaceAll(/\s/g, ''), 'base64');
    const whole = bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1);
    this.#bytes += whole.length;
    const lines = whole.toString('utf8').split('\n').slice(0, -1);
    this.#lines += lines.length;
    return lines;
  }
}
