import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { execa } from 'execa';
import { dir } from 'tmp-promise';
import { referenceContract } from '../../scenarios/contracts/systems/reference.ts';
import type { Defect } from './defect.ts';
import type { Outcome } from './judge.ts';

const cli = fileURLToPath(new URL('../../harness/cli/main.ts', import.meta.url));

/** Only ends what hangs: a verdict that takes this long is none. Milliseconds. */
const longest = 20 * 60_000;

export interface TryOptions {
  /** Directory of the built reference images. */
  reference: string;
  /** Directory for the reports of this defect. */
  out: string;
  /** Ends it; the image is removed all the same. */
  signal?: AbortSignal;
}

/** Makes the broken image, runs the real command line over it as a maintainer would, and removes the image. */
export async function tryDefect(
  defect: Pick<Defect, 'make' | 'cell' | 'noexec' | 'promises' | 'temporary'>,
  { reference, out, signal }: TryOptions,
): Promise<Outcome> {
  await using scratch = await scratchDirectory();
  const image = await defect.make(reference, scratch.path);
  const contract = await contractFor(defect, scratch.path);
  const env: Record<string, string> = { NO_COLOR: '1' };
  if (defect.temporary !== undefined) {
    env['TMPDIR'] = join(scratch.path, defect.temporary);
    await mkdir(env['TMPDIR']);
  }
  // A refusal writes no reports, and those of an earlier try must not stand for it.
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const command = [process.execPath, cli, defect.cell, '--contract', contract, '-j', '1'];
  command.push('--images', image, '--out', out);
  const before = defect.noexec === true ? await inNoexec(scratch.path) : [];
  const [program = '', ...args] = [...before, ...command];
  const { exitCode, stderr } = await execa(program, args, {
    reject: false,
    stdin: 'ignore',
    timeout: longest,
    forceKillAfterDelay: 30_000,
    ...(signal === undefined ? {} : { cancelSignal: signal }),
    env,
  });
  signal?.throwIfAborted();
  const cell = await readCell(out);
  return { exitCode, stderr, ...(cell === undefined ? {} : { cell }) };
}

/** What is put before a command so that its directory for temporary files is mounted `noexec`. */
async function inNoexec(scratch: string): Promise<string[]> {
  const directory = join(scratch, 'noexec');
  await mkdir(directory);
  const script = 'mount -t tmpfs -o noexec none "$0"; TMPDIR=$0 exec "$@"';
  return ['unshare', '--map-root-user', '--mount', 'sh', '-euc', script, directory];
}

/** The contract's name, or the file that it was written to together with what else is promised. */
async function contractFor({ promises }: Pick<Defect, 'promises'>, scratch: string): Promise<string> {
  if (promises === undefined) return 'reference';
  const file = join(scratch, 'contract.json');
  await writeFile(file, JSON.stringify({ ...(await referenceContract()), ...promises }));
  return file;
}

/** The one cell in the summary; undefined where nothing was booted. */
async function readCell(out: string): Promise<Outcome['cell']> {
  const text = await readFile(join(out, 'summary.json'), 'utf8').catch(() => '{"cells":[]}');
  return (JSON.parse(text) as { cells: NonNullable<Outcome['cell']>[] }).cells[0];
}

async function scratchDirectory(): Promise<{ path: string; [Symbol.asyncDispose]: () => Promise<void> }> {
  const { path, cleanup } = await dir({ prefix: 'bmd', unsafeCleanup: true });
  return { path, [Symbol.asyncDispose]: cleanup };
}
