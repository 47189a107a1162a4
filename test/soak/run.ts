import { closeSync, openSync, readSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { CellSummary, EventOf, RunEvent } from '../../harness/events.ts';
import { HostError } from '../../harness/errors.ts';

const cli = join(import.meta.dirname, '../../harness/cli/main.ts');

/** How many cells the command line has with these arguments; rejects with HostError `soak-no-cells`. */
export async function countCells(args: readonly string[]): Promise<number> {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [cli, ...args, '--list', '--json'], {
    stdin: 'ignore',
    reject: false,
  });
  if (exitCode !== 0) throw new HostError('soak-no-cells', `The cells cannot be listed: ${stderr}`);
  return (JSON.parse(stdout) as CellSummary[]).filter(({ skip }) => skip === undefined).length;
}

export interface SoakRunOptions {
  args: readonly string[];
  /** Of this run's reports. */
  out: string;
  /** What it finds its programs by. @default our own */
  path?: string;
  /** Ends the run in order. */
  signal: AbortSignal;
  onStarted: (event: EventOf<'run-started'>) => void;
  onFinished: (event: EventOf<'cell-finished'>) => void;
}

/** One run of the command line, which ends in order when this process ends in any way. Resolves to its exit code. */
export async function soakRun(options: SoakRunOptions): Promise<number> {
  const { args, out, path, signal, onStarted, onFinished } = options;
  const events = new EventReader(join(out, 'events.jsonl'));
  const command = ['--pdeathsig', 'INT', process.execPath, cli, ...args, '--out', out];
  const run = execa('setpriv', command, {
    // A group of its own: the terminal's Ctrl-C comes to it from us, once.
    detached: true,
    cleanup: false,
    ...(path === undefined ? {} : { env: { PATH: path } }),
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    buffer: false,
    reject: false,
  });
  const passed: string[] = [];
  const look = (): void => {
    for (const event of events.read()) {
      if (event.type === 'run-started') onStarted(event);
      // What an interrupt ended came to no verdict.
      if (event.type !== 'cell-finished' || event.code === 'interrupted' || event.attempts === 0) continue;
      if (event.verdict === 'passed') passed.push(event.cell);
      onFinished(event);
    }
  };
  // It prints a line for all that happens.
  run.stdout.on('data', look);
  run.stderr.on('data', (text: Buffer) => process.stderr.write(text));
  const end = (): void => void run.kill('SIGINT');
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  const { exitCode } = await run;
  signal.removeEventListener('abort', end);
  look();
  await Promise.all(passed.map((cell) => rm(join(out, 'cells', cell), { recursive: true, force: true })));
  return exitCode ?? 3;
}

/** The whole lines that were added to an event log since it was looked at last. */
class EventReader {
  readonly #file: string;
  #position = 0;
  #rest = '';

  constructor(file: string) {
    this.#file = file;
  }

  read(): RunEvent[] {
    const lines = (this.#rest + this.#added()).split('\n');
    this.#rest = lines.pop() ?? '';
    return lines.map((line) => JSON.parse(line) as RunEvent);
  }

  #added(): string {
    let fd: number;
    try {
      fd = openSync(this.#file, 'r');
    } catch {
      return '';
    }
    try {
      const buffer = Buffer.alloc(1 << 20);
      const parts: Buffer[] = [];
      for (let length = 1; length > 0;) {
        length = readSync(fd, buffer, 0, buffer.length, this.#position);
        this.#position += length;
        parts.push(Buffer.from(buffer.subarray(0, length)));
      }
      return Buffer.concat(parts).toString('utf8');
    } finally {
      closeSync(fd);
    }
  }
}
