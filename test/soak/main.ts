/**
 * `pnpm test:soak [--cells N] [--minutes N] [--pressure LIST] [--duty PERCENT] [--continue] [--out DIR] [-- FILTER…
 * OPTIONS…]`: boots the matrix again and again under pressure; any verdict other than passed is a false alarm.
 */
import { writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { ensureRequirements } from '../../harness/cli/host/ensure-requirements.ts';
import { describeFailure } from '../../harness/cli/failure.ts';
import { HostError, UsageError } from '../../harness/errors.ts';
import type { EventOf } from '../../harness/events.ts';
import { lineForTerminal } from '../../harness/report/terminal/clean.ts';
import { markdown, told } from './markdown.ts';
import { parseSoakOptions } from './options.ts';
import { describeLoad, press } from './pressure.ts';
import { type SoakSession, cellsOf, readRecord, withoutRepeat, writeRecord } from './record.ts';
import { requirementsOf } from './requirements.ts';
import { countCells, soakRun } from './run.ts';
import { throttledPath } from './throttle.ts';

const root = join(import.meta.dirname, '../..');

async function main(argv: readonly string[]): Promise<number> {
  const { cells, minutes, pressure, duty, out, goOn, args } = parseSoakOptions(argv);
  const file = join(out, 'soak.json');
  const record = readRecord(file);
  const before = cellsOf(record).length;
  if (before > 0 && !goOn) {
    throw new UsageError(
      'soak-exists',
      `${out} holds a soak of ${before} cells; add to it with --continue, or choose another directory with --out.`,
    );
  }
  const tell = (line: string): void => console.log(line);
  await ensureRequirements(requirementsOf(pressure), tell);

  const end = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end.abort());
  if (minutes !== null) setTimeout(() => end.abort(), minutes * 60_000).unref();
  if (before < cells) {
    const session = await newSession(describeLoad({ pressure, duty }), args);
    record.sessions.push(session);
    const number = record.sessions.length;
    const reports = join(out, `session-${number}`);
    await mkdir(reports, { recursive: true });
    const repeats = Math.ceil((cells - before) / (await countCells(args)));
    // A retry would hide what is looked for here.
    const own = ['--retries', '0', '--seed', String(number), '--repeat-each', String(repeats)];
    const release = press({ pressure, duty }, reports, () => end.abort());
    try {
      const exitCode = await soakRun({
        args: [...args, ...own],
        out: reports,
        ...(pressure.includes('throttle') ? { path: await throttledPath(reports) } : {}),
        signal: end.signal,
        onStarted: (event) => {
          session.qemu = versionsOf(event);
        },
        onFinished: (event) => {
          session.cells.push(cellOf(event, reports));
          writeRecord(file, record);
          const { cell, verdict, seconds, reason } = event;
          const line = `${cellsOf(record).length}/${cells} ${verdict} ${cell} ${seconds.toFixed(1)} s  ${reason}`;
          tell(lineForTerminal(line));
        },
      });
      if (session.cells.length === 0) {
        record.sessions.pop();
        if (!end.signal.aborted)
          throw new HostError('soak-no-run', `The run ended with exit code ${exitCode} and without a cell.`);
      }
      // What a whole run came to is no cell's: an image that changed, a report that could not be written.
      const isTold = session.cells.some(({ verdict }) => verdict !== 'passed');
      if (exitCode !== 0 && !isTold && !end.signal.aborted) {
        throw new HostError(
          'soak-run-failed',
          `All cells passed and the run ended with exit code ${exitCode}.`,
          {
            hint: `Look into ${reports}.`,
          },
        );
      }
    } finally {
      await release();
    }
  }

  const done = cellsOf(record);
  writeRecord(file, record);
  writeFileSync(join(out, 'soak.md'), markdown(record));
  tell(`\n${markdown(record)}\n${join(out, 'soak.md')}`);
  if (done.length < cells) tell(`${cells - done.length} cells are missing: go on with --continue`);
  if (done.some(({ verdict }) => verdict !== 'passed')) {
    tell(`false alarms: ${told(done)}`);
    return 1;
  }
  return done.length < cells ? 130 : 0;
}

async function newSession(pressure: string, args: readonly string[]): Promise<SoakSession> {
  const git = await execa('git', ['describe', '--always', '--dirty'], { cwd: root, reject: false });
  const gib = Math.round(totalmem() / 2 ** 30);
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: git.exitCode === 0 ? git.stdout : 'not from git',
    machine: `${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, ${gib} GiB, Linux ${release()}`,
    qemu: {},
    pressure,
    command: ['test:boot', ...args].join(' '),
    cells: [],
  };
}

const versionsOf = ({ qemu, accelerator }: EventOf<'run-started'>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(qemu).map(([arch, version]) => [
      arch,
      `${version.replace(/^QEMU emulator version /, '')} with ${accelerator[arch]?.name}`,
    ]),
  );

function cellOf(event: EventOf<'cell-finished'>, reports: string): SoakSession['cells'][number] {
  const { cell, verdict, reason, phase, seconds } = event;
  const kept = verdict === 'passed' ? {} : { report: join(reports, 'cells', cell) };
  return { cell: withoutRepeat(cell), verdict, reason, phase, seconds, ...kept };
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const { text, exitCode } = describeFailure(error);
  console.error(text);
  process.exitCode = exitCode;
}
