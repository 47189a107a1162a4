import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { HostError } from '../../harness/errors.ts';
import { describeThrottle } from './throttle.ts';

/** What can be taken away from the machines, as options of stress-ng. */
const stressors = {
  /** Every core for half of its time. */
  cpu: ['--cpu', String(availableParallelism()), '--cpu-load', '50'],
  /** A fifth of the memory, written again and again. */
  memory: ['--vm', '1', '--vm-bytes', '20%', '--vm-keep'],
  /** A writer that throws its file out of the cache each time, and one that has all disks flushed. */
  disk: ['--hdd', '1', '--hdd-bytes', '1g', '--hdd-opts', 'fsync', '--io', '1'],
};
type Stressor = keyof typeof stressors;
/** The same, and machines whose own disks are slow. */
export type Pressure = Stressor | 'throttle';
export const pressures: readonly Pressure[] = [...(Object.keys(stressors) as Stressor[]), 'throttle'];

/** What is pressed, and for how much of the time. */
export interface Load {
  pressure: readonly Pressure[];
  /** Per cent of the time; what is less comes in bursts. */
  duty: number;
}

/** What stress-ng gets; nothing where it has nothing to do. */
export const stressOptions = (pressure: readonly Pressure[]): string[] =>
  pressure.flatMap((one) => (one === 'throttle' ? [] : stressors[one]));

/** What a soak was run under, for people. */
export function describeLoad({ pressure, duty }: Load): string {
  const options = stressOptions(pressure);
  const bursts = duty === 100 ? '' : `, ${duty} % of the time, in bursts of 5 to 25 s`;
  const parts = [
    ...(options.length === 0 ? [] : [`stress-ng ${options.join(' ')}${bursts}`]),
    ...(pressure.includes('throttle') ? [describeThrottle] : []),
  ];
  return parts.join('; ') || 'none';
}

/** Whole seconds, as stress-ng takes them. */
const burstSeconds = (): number => 5 + Math.floor(Math.random() * 21);

/**
 * Presses until it is told to stop; also ends with this process, however that comes.
 * @param directory on the disk that is to be busy.
 * @param onLost is told at once where stress-ng failed: what runs after that runs without pressure.
 * @returns the way to stop; it throws HostError `pressure-lost` where stress-ng failed before.
 */
export function press(load: Load, directory: string, onLost: () => void): () => Promise<void> {
  const stop = new AbortController();
  const options = stressOptions(load.pressure);
  const pressed =
    options.length === 0 ? Promise.resolve() : pressOn(options, load.duty, directory, stop.signal);
  pressed.catch(onLost);
  return async () => {
    stop.abort();
    await pressed;
  };
}

async function pressOn(
  options: readonly string[],
  duty: number,
  directory: string,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const seconds = burstSeconds();
    const stress = execa(
      'setpriv',
      ['--pdeathsig', 'TERM', 'stress-ng', '--timeout', String(seconds), '--temp-path', directory].concat(
        options,
      ),
      { stdin: 'ignore', stdout: 'ignore', reject: false },
    );
    const end = (): void => void stress.kill('SIGTERM');
    signal.addEventListener('abort', end, { once: true });
    const { failed, stderr } = await stress;
    signal.removeEventListener('abort', end);
    if (failed && !signal.aborted)
      throw new HostError('pressure-lost', `stress-ng ended before the soak did: ${stderr.trim()}`, {
        hint: 'The soak ended there: free memory and disk, and go on with --continue.',
      });
    const pause = (seconds * (100 - duty)) / duty;
    await sleep(pause * 1000, undefined, { signal }).catch(() => {});
  }
}
