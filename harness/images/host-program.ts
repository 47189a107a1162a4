import { execa } from 'execa';
import { HostError } from '../errors.ts';
import { imageRequirements } from './requirements.ts';

/** How a host program ended; `exitCode` is undefined when it was killed or took too long. */
export interface ProgramResult {
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
  timedOut: boolean;
}

/** No program here should need this long; a hostile image must not hold us up for ever. */
const timeoutSeconds = 300;

/**
 * Runs a program of the host on an image; a failure is for the caller to judge.
 * @throws HostError `program-missing`
 */
export async function runProgram(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<ProgramResult> {
  const result = await execa(command, args, {
    reject: false,
    stdin: 'ignore',
    timeout: timeoutSeconds * 1000,
    env: { LC_ALL: 'C', ...env },
  });
  if (result.code === 'ENOENT') {
    const needed = imageRequirements.find((requirement) => requirement.command === command);
    throw new HostError(
      'program-missing',
      `${command} is not on PATH; it ${needed?.reason ?? 'is needed'}.`,
      {
        hint: `Install it: apt-get install ${needed?.package ?? command}, or nix develop.`,
      },
    );
  }
  const { exitCode, stdout, stderr, timedOut } = result;
  return { exitCode, stdout, stderr, timedOut };
}
