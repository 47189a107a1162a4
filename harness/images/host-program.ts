import { execa } from 'execa';
import { HostError } from '../errors.ts';
import { shortageIn, shortageOf } from '../shortage.ts';
import { imageRequirements } from './requirements.ts';

/** How a host program ended. */
export interface ProgramResult {
  /** Undefined when it took too long or wrote too much, and was ended by us. */
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
}

interface ProgramOptions {
  /** What is added to the environment. @default nothing */
  env?: Record<string, string>;
  /** Where it runs. @default our own directory */
  cwd?: string;
  /** Most that it may write to either output, characters. @default 100 million */
  maxOutput?: number;
}

/** No program here should need this long; a hostile image must not hold us up for ever. */
const timeoutSeconds = 300;

/** What no image can bring about: a damaged one is read with an I/O error, a hostile one may want any memory. */
const hostsOwn = new Set(['disk-full', 'out-of-descriptors']);

/**
 * Runs a program of the host on an image; a failure of its own is for the caller to judge.
 * @throws HostError `program-missing`, `program-killed`, or what the host lacks for it
 */
export async function runProgram(
  command: string,
  args: readonly string[],
  { env = {}, cwd, maxOutput = 1e8 }: ProgramOptions = {},
): Promise<ProgramResult> {
  const result = await execa(command, args, {
    reject: false,
    stdin: 'ignore',
    timeout: timeoutSeconds * 1000,
    maxBuffer: maxOutput,
    env: { LC_ALL: 'C', ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  const { exitCode, stdout, stderr, timedOut, isMaxBuffer } = result;
  if (timedOut || isMaxBuffer) return { exitCode: undefined, stdout, stderr };
  if (result.code === 'ENOENT') throw programMissing(command);
  if (exitCode === undefined) {
    throw (
      shortageOf(result) ??
      new HostError('program-killed', `${result.shortMessage}.`, {
        hint: 'Something on the host ended it, which the out-of-memory killer does (dmesg tells).',
        transient: true,
      })
    );
  }
  const told = `${command} ended with exit code ${exitCode}`;
  const shortage = exitCode === 0 ? null : shortageIn(stderr, told);
  if (shortage !== null && hostsOwn.has(shortage.code)) throw shortage;
  return { exitCode, stdout, stderr };
}

/** A program that is not on PATH, and what it is for. */
export function programMissing(command: string): HostError {
  const needed = imageRequirements.find((requirement) => requirement.command === command);
  return new HostError('program-missing', `${command} is not on PATH; it ${needed?.reason ?? 'is needed'}.`, {
    hint: `Install it: apt-get install ${needed?.package ?? command}, or nix develop.`,
  });
}
