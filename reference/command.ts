import { execa, type ExecaError } from 'execa';
import { HostError } from '../harness/errors.ts';

/** What every step of a build is given. */
export interface StepOptions {
  signal?: AbortSignal | undefined;
  env?: Record<string, string>;
}

const tailLength = 2000;

/**
 * Runs a step of a build, its output unseen unless it fails.
 * @throws HostError `reference-step` with its last words; the hint has the command and the tail of its output.
 */
export async function runStep(
  command: string,
  args: readonly string[],
  { signal, env }: StepOptions = {},
): Promise<string> {
  try {
    const { all } = await execa(command, args, {
      all: true,
      stdin: 'ignore',
      // A step has nothing to tidy up, and unshare(1) ignores the gentler signals.
      killSignal: 'SIGKILL',
      ...(signal === undefined ? {} : { cancelSignal: signal }),
      ...(env === undefined ? {} : { env }),
    });
    return all;
  } catch (error) {
    const failure = error as ExecaError;
    if (failure.isCanceled) throw signal?.reason ?? error;
    const output = typeof failure.all === 'string' ? failure.all.slice(-tailLength) : '';
    const said = output.trim().split('\n').at(-1) || failure.originalMessage || 'it said nothing';
    throw new HostError('reference-step', `A step of the reference images' build failed: ${said}`, {
      hint: `${output}\n${failure.shortMessage}`.trim(),
      cause: error,
    });
  }
}

/**
 * Runs a step in its own process and mount namespaces: when we die, by whatever signal, the kernel ends all of its
 * processes and drops its mounts.
 */
export async function runContained(
  command: string,
  args: readonly string[],
  options?: StepOptions,
): Promise<string> {
  const contained = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc', command, ...args];
  return runStep('setpriv', ['--pdeathsig', 'KILL', 'unshare', ...contained], options);
}
