import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../errors.ts';
import { type Owner, parseOwner, stateOf, thisProcess } from '../owner.ts';
import { outputUnusable } from './output-directory.ts';

/** A run that writes to a directory says so in a file of this name there. */
const claimName = /^\.run-[0-9a-f]{8}$/;

/** An output directory that is kept for one run. */
export interface Claim {
  /** Tells by which socket persons get to the run's machines. */
  letIn(socket: string): void;
  /** Gives the directory back. */
  release(): void;
}

/**
 * Keeps an output directory for one run. Claims first and looks for others then: of two that begin at once, none or
 * one goes on, never both.
 * @throws UsageError `output-in-use` while another run writes there, `output-unusable` where nobody can.
 */
export function claimOutput(outDir: string): Claim {
  const own = path.join(outDir, `.run-${randomBytes(4).toString('hex')}`);
  const release = (): void => rmSync(own, { force: true });
  try {
    mkdirSync(outDir, { recursive: true });
    writeFileSync(own, JSON.stringify(thisProcess()), { flag: 'wx' });
  } catch (error) {
    throw outputUnusable(outDir, error);
  }
  try {
    refuseOthers(outDir, own);
  } catch (error) {
    release();
    throw error;
  }
  return {
    release,
    letIn(socket) {
      // In one go: a claim that is half written is nobody's.
      const written = `${own}.new`;
      writeFileSync(written, JSON.stringify({ ...thisProcess(), socket }));
      renameSync(written, own);
    },
  };
}

/**
 * The socket by which persons get to the machines of the run that writes to a directory.
 * @throws UsageError `no-run` where none goes on there, or none that can be reached from here
 */
export function socketOfRun(outDir: string): string {
  const fail = (got: string): UsageError =>
    new UsageError(
      'no-run',
      `Expected the output directory of a run that goes on, got ${outDir}, ${got}; name another by --out.`,
    );
  for (const name of namesIn(outDir).filter((one) => claimName.test(one))) {
    const file = path.join(outDir, name);
    const owner = readOwner(file);
    const state = owner === undefined ? 'gone' : stateOf(owner);
    if (state === 'elsewhere')
      throw fail(`whose run is on ${owner?.host} or in another container, where it has to be attached to`);
    const socket = state === 'alive' ? readSocket(file) : undefined;
    if (socket !== undefined) return socket;
    if (state === 'alive') throw fail('whose run has no machines yet');
  }
  throw fail('where none goes on');
}

function readSocket(file: string): string | undefined {
  try {
    const { socket } = JSON.parse(readFileSync(file, 'utf8')) as { socket?: unknown };
    return typeof socket === 'string' ? socket : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Refuses a directory that a run writes to; what a run that was killed left of its claim is removed.
 * @throws UsageError `output-in-use`
 */
export function refuseOthers(outDir: string, own?: string): void {
  for (const name of namesIn(outDir).filter((one) => claimName.test(one))) {
    const file = path.join(outDir, name);
    const owner = file === own ? undefined : readOwner(file);
    if (owner === undefined) continue;
    const state = stateOf(owner);
    if (state === 'gone') rmSync(file, { force: true });
    else throw inUse(outDir, file, owner, state);
  }
}

function inUse(outDir: string, file: string, { pid, host }: Owner, state: 'alive' | 'elsewhere'): UsageError {
  const [who, todo] =
    state === 'alive'
      ? [`process ${pid}`, 'wait for it']
      : [`process ${pid} on ${host} or in another container`, `wait for it, remove ${file} if it is gone`];
  return new UsageError(
    'output-in-use',
    `Expected an output directory that no other run writes to, got ${outDir}, where ${who} does; ${todo}, or choose another with --out.`,
  );
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** A claim that goes away meanwhile, or is half written by a run that will look for ours next, is nobody's. */
function readOwner(file: string): Owner | undefined {
  try {
    return parseOwner(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
