import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../errors.ts';
import { type Owner, parseOwner, stateOf, thisProcess } from '../owner.ts';
import { outputUnusable } from './output-directory.ts';

/** A run that writes to a directory says so in a file of this name there. */
const claimName = /^\.run-[0-9a-f]{8}$/;

/**
 * Keeps an output directory for one run. Claims first and looks for others then: of two that begin at once, none or
 * one goes on, never both.
 * @returns the way to give it back.
 * @throws UsageError `output-in-use` while another run writes there, `output-unusable` where nobody can.
 */
export function claimOutput(outDir: string): () => void {
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
  return release;
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
