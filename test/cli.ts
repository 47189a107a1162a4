/** The real command line, run as a user runs it, in a world of its own: TMPDIR, reports and caches belong to one test. */
import { mkdir, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Options as ExecaOptions, execa } from 'execa';
import { dir } from 'tmp-promise';
import type { RunEvent } from '../harness/events.ts';

const root = join(import.meta.dirname, '..');

/** The command line's main file. */
export const cliPath = join(root, 'harness/cli/main.ts');

export interface World extends AsyncDisposable {
  path: string;
  /** Where the harness makes its scratch files. */
  tmp: string;
  out: string;
  env: Record<string, string>;
}

/** A directory for one test. The cache is the user's own where reference images are needed: they are built once. */
export async function makeWorld({ ownCache }: { ownCache: boolean }): Promise<World> {
  const { path, cleanup } = await dir({ prefix: 'bmt', unsafeCleanup: true });
  const tmp = join(path, 't');
  await mkdir(tmp);
  // Where these tests run on GitHub, what they start must not annotate anything.
  const env: Record<string, string> = { TMPDIR: tmp, NO_COLOR: '1', GITHUB_ACTIONS: '' };
  if (ownCache) env['XDG_CACHE_HOME'] = join(path, 'cache');
  return { path, tmp, out: join(path, 'out'), env, [Symbol.asyncDispose]: cleanup };
}

/** Starts the command line; does not reject. The result has `exitCode`, `stdout` and `stderr`. */
export function startCli(world: World, args: readonly string[], options: ExecaOptions = {}) {
  return execa(process.execPath, [cliPath, ...args, '--out', world.out], {
    reject: false,
    stdin: 'ignore',
    ...options,
    env: { ...world.env, ...options.env },
  });
}

export async function readEventLog(world: World): Promise<RunEvent[]> {
  const text = await readFile(join(world.out, 'events.jsonl'), 'utf8').catch(() => '');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RunEvent);
}

/** Waits until the run has told this, by looking at its event log. */
export async function untilEvent(world: World, wanted: (event: RunEvent) => boolean): Promise<RunEvent> {
  for (;;) {
    const found = (await readEventLog(world)).find(wanted);
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The processes that have something to do with this world. */
export async function pidsOf(world: World, text = ''): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const lines = await Promise.all(pids.map((pid) => commandLine(Number(pid))));
  return pids.flatMap((pid, index) => {
    const line = lines[index] ?? '';
    return line.includes(world.path) && line.includes(text) ? [Number(pid)] : [];
  });
}

const commandLine = async (pid: number): Promise<string> =>
  (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ').trim();

/** Their command lines. */
export const processesOf = async (world: World): Promise<string[]> =>
  (await Promise.all((await pidsOf(world)).map(commandLine))).filter((line) => line !== '');

/** Waits until nothing of this world is left: no process, no scratch file. Only the test's own time limit ends it. */
export async function untilNothingIsLeft(world: World): Promise<void> {
  for (;;) {
    const left = [...(await processesOf(world)), ...(await readdir(world.tmp))];
    if (left.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** What `summary.json` tells, as far as tests look at it. */
export interface Summary {
  cells: {
    id: string;
    verdict: string;
    phase: string | null;
    code: string | null;
    reason: string;
    seconds: number;
    earlier: { attempt: number; verdict: string; code: string | null; reason: string }[];
    access: string | null;
    checks: { name: string; verdict: string; reason: string; access: string[] }[];
  }[];
  digests: { path: string; before: string | null; after: string | null }[];
  accelerator: Record<string, { name: string; reason: string }>;
  interrupted: boolean;
  notices: { level: string; text: string }[];
}

export const readSummary = async (world: World): Promise<Summary> =>
  JSON.parse(await readFile(join(world.out, 'summary.json'), 'utf8')) as Summary;
