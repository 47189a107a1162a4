import { GuestError } from '../../errors.ts';
import type { Evidence } from '../../events.ts';
import { findFatalPrompt } from '../signs/recognise.ts';
import { type Answer, AnswerReader, endOfUpload, makeNonce, serverLoader } from './frame.ts';
import { FramedShell, type SerialPort } from './framed-shell.ts';
import { PhaseTracker } from '../signs/phases.ts';
import { loginPrompt, passwordPrompt, shellPrompt } from '../signs/prompts.ts';
import type { Shell } from './shell.ts';

export type { SerialPort } from './framed-shell.ts';

export interface SerialShellOptions {
  /** What to answer at `login:` and `Password:`; null: nothing is promised, a login prompt is a failure. @default null */
  login?: { user: string; password: string } | null;
  /** Whether a key may be pressed to see what is there: it answers a program that asks a person. @default it may */
  mayProbe?: () => boolean;
  /** Multiplies every time. @default 1 */
  slowness?: number;
  /** Ends the attempt; without it, it goes on until a shell was proven. */
  signal?: AbortSignal;
}

export interface SerialShell {
  shell: Shell;
  /** The shell was there before any name or password was typed. */
  autologin: boolean;
  /** What was done to the guest on the way in. */
  evidence: Evidence[];
}

/** A prompt counts once it stood still for so long: each partial line looks like a prompt now and then. */
const stillSeconds = 0.2;
/** Before userspace was seen: kernels and bootloaders print many a `#` and pause. */
const stillSecondsInBoot = 2;
/** Silence after which a key is pressed to see what is there, once userspace runs and no prompt was recognised. */
const quietSeconds = 5;
/** Seconds for an answer to what was typed; doubled each time that none came, up to the longest. */
const firstWait = 2;
const longestWait = 30;
/** Only the end of a line is looked at: it may have thousands of characters, and each chunk brings it again. */
const longestPrompt = 200;
/** How often the login may be refused: getty's flush can eat a part of a name. */
const refusals = 3;
/** How often the server is started before we say that it can't be. */
const longestTry = 12;

type Prompt = 'login' | 'password' | 'shell';
type Typed = 'return' | 'user' | 'password' | 'command' | 'end' | 'interrupt';

/**
 * Gets from whatever is on a console to a shell that has answered. May be called at power-on: nothing is typed before
 * a getty's or shell's prompt was seen, or userspace has fallen silent, since a key can stop a bootloader.
 * @throws GuestError `login-required` when a login is asked for and none was given, `login-refused`, `no-shell`;
 * the signal's reason when that aborted.
 */
export async function openSerialShell(
  port: SerialPort,
  options: SerialShellOptions = {},
): Promise<SerialShell> {
  const { slowness = 1 } = options;
  const nonce = makeNonce();
  const opener = new Opener(port, nonce, options);
  const { autologin } = await opener.open();
  const shell = new FramedShell(port, nonce, { access: 'serial', slowness });
  await shell.prove();
  return { shell, autologin, evidence: await quieten(shell) };
}

/** Keeps the kernel's messages off the console from here on: they split answers. The log holds those that came before. */
async function quieten(shell: Shell): Promise<Evidence[]> {
  if (shell.user !== 'root') return [];
  const action = 'dmesg -n 1';
  const { status, output } = await shell.run(action);
  return [{ action, observed: output.trim() || `exit status ${status}`, access: 'serial' }];
}

/** Types what the prompts ask for until the server of `frame.ts` greets. */
class Opener {
  readonly #port: SerialPort;
  readonly #login: { user: string; password: string } | null;
  readonly #probing: () => boolean;
  readonly #slowness: number;
  readonly #signal: AbortSignal | undefined;
  readonly #nonce: string;
  readonly #phases = new PhaseTracker();
  readonly #loader: { command: string; upload: string[] };
  #greeted = false;
  /** Something happened on the console. */
  #stir: () => unknown = () => {};
  /** Number of the line at which something was typed last; -1: nothing was. */
  #typedAt = -1;
  #typed: Typed | null = null;
  #credentials = false;
  #refused = 0;
  #starts = 0;

  constructor(port: SerialPort, nonce: string, options: SerialShellOptions) {
    const { login = null, mayProbe = () => true, slowness = 1, signal } = options;
    this.#port = port;
    this.#login = login;
    this.#probing = mayProbe;
    this.#slowness = slowness;
    this.#signal = signal;
    this.#nonce = nonce;
    this.#loader = serverLoader(nonce);
  }

  async open(): Promise<{ autologin: boolean }> {
    const { transcript } = this.#port;
    const reader = new AnswerReader(this.#nonce);
    for (const line of transcript.text().split('\n')) this.#phases.readLine(line);
    const stops = [
      this.#phases.watch(transcript),
      transcript.onLine((line) => {
        const answer = reader.read(line);
        if (answer !== null && answer !== 'progress') this.#hear(answer);
      }),
      transcript.onChange(() => this.#stir()),
    ];
    try {
      await this.#talk();
      return { autologin: !this.#credentials };
    } finally {
      for (const stop of stops) stop();
    }
  }

  async #talk(): Promise<void> {
    let wait = firstWait;
    while (!this.#greeted) {
      const prompt = await this.#nextPrompt(this.#typed === null ? quietSeconds : wait);
      if (this.#greeted) return;
      if (prompt !== null) {
        wait = firstWait;
        this.#answer(prompt);
        continue;
      }
      if (this.#typed === null) {
        if (this.#isDue && this.#probing()) this.#type('return', '\r');
        continue;
      }
      // What was typed last got no new prompt: getty flushed it, a message tore the prompt, or the shell is busy.
      wait = Math.min(2 * wait, longestWait);
      this.#insist();
    }
  }

  /** The console has fallen silent where a login or a shell is due. */
  get #isDue(): boolean {
    return this.#phases.current === 'userspace' || this.#phases.current === 'login';
  }

  #answer(prompt: Prompt): void {
    if (prompt === 'shell') return this.#start();
    if (prompt === 'password') {
      // Someone else's, or a stray word of ours taken for a name: an empty password brings the login prompt back.
      if (this.#typed !== 'user') return this.#type('return', '\r');
      return this.#type('password', `${this.#login?.password ?? ''}\r`);
    }
    if (this.#typed === 'password' || this.#typed === 'user') {
      this.#refused += 1;
      if (this.#refused >= refusals) {
        const message = `The login of \`${this.#login?.user}\` on the serial console was refused ${refusals} times.`;
        throw new GuestError('login-refused', message, { evidence: this.#port.transcript.tail() });
      }
    }
    // Whoever prints the prompt once more after Return is a getty that reads: an autologin does not, and its flush is over.
    if (this.#typed === null) return this.#type('return', '\r');
    if (this.#login === null) {
      const message = 'The serial console asks for a login, and none is promised.';
      throw new GuestError('login-required', message, { evidence: this.#port.transcript.tail() });
    }
    this.#credentials = true;
    this.#type('user', `${this.#login.user}\r`);
  }

  #start(): void {
    this.#starts += 1;
    if (this.#starts > longestTry) {
      const message =
        'The shell on the serial console cannot run commands; it needs sh, cksum, base64, head and tail.';
      throw new GuestError('no-shell', message, { evidence: this.#port.transcript.tail() });
    }
    this.#type('command', `${this.#loader.command}\r`);
  }

  #hear(answer: Answer): void {
    if (answer.kind === 'ready') this.#port.write(this.#loader.upload.map((line) => `${line}\r`).join(''));
    // The server refuses what it does not know: so it is there, and its greeting was torn.
    if (answer.kind === 'hello' || answer.kind === 'refused') this.#greeted = true;
  }

  /** Tries one thing after another: a prompt that is unknown, an answer that was torn, something that holds the console. */
  #insist(): void {
    if (this.#typed === 'return') this.#start();
    else if (this.#typed === 'command') this.#type('end', `${endOfUpload}\r`);
    else if (this.#typed === 'end') this.#type('interrupt', '\x03');
    else this.#type('return', '\r');
  }

  #type(what: Typed, keys: string): void {
    this.#typed = what;
    this.#typedAt = this.#port.transcript.lineNumber;
    this.#port.write(keys);
  }

  /**
   * The next prompt after the one that was answered, once it stood still; null after so many seconds of silence, or four
   * times as many of chatter when an answer is due.
   */
  async #nextPrompt(seconds: number): Promise<Prompt | null> {
    this.#signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const onAbort = (): void => reject(this.#signal?.reason);
    let prompt = this.#promptNow();
    const arm = (): NodeJS.Timeout =>
      setTimeout(resolve, (prompt === null ? seconds : this.#stillSeconds) * this.#slowness * 1000);
    let timer = arm();
    const chatter =
      this.#typed === null ? undefined : setTimeout(resolve, 4 * seconds * this.#slowness * 1000);
    this.#stir = () => {
      if (this.#greeted) return resolve();
      const before = prompt;
      prompt = this.#promptNow();
      if ((prompt === null) === (before === null)) return timer.refresh();
      clearTimeout(timer);
      timer = arm();
    };
    this.#signal?.addEventListener('abort', onAbort, { once: true });
    try {
      await promise;
      return this.#promptNow();
    } finally {
      clearTimeout(timer);
      clearTimeout(chatter);
      this.#signal?.removeEventListener('abort', onAbort);
      this.#stir = () => {};
    }
  }

  #promptNow(): Prompt | null {
    const { line, lineNumber } = this.#port.transcript;
    return lineNumber > this.#typedAt ? promptOf(line.slice(-longestPrompt)) : null;
  }

  get #stillSeconds(): number {
    return this.#isDue ? stillSeconds : stillSecondsInBoot;
  }
}

function promptOf(line: string): Prompt | null {
  if (loginPrompt.test(line)) return 'login';
  if (passwordPrompt.test(line)) return 'password';
  return shellPrompt.test(line) && findFatalPrompt(line) === null ? 'shell' : null;
}
