import { availableParallelism } from 'node:os';
import { execa } from 'execa';
import { HostError } from '../../harness/errors.ts';

/** What can be taken away from the machines, as options of stress-ng. */
const stressors = {
  /** Every core for half of its time. */
  cpu: ['--cpu', String(availableParallelism()), '--cpu-load', '50'],
  /** A fifth of the memory, written again and again. */
  memory: ['--vm', '1', '--vm-bytes', '20%', '--vm-keep'],
  /** A writer that throws its file out of the cache each time, and one that has all disks flushed. */
  disk: ['--hdd', '1', '--hdd-bytes', '1g', '--hdd-opts', 'fsync', '--io', '1'],
};
export type Pressure = keyof typeof stressors;
export const pressures = Object.keys(stressors) as Pressure[];

/** What a soak was run under, for people. */
export const describePressure = (chosen: readonly Pressure[]): string =>
  chosen.length === 0 ? 'none' : `stress-ng ${chosen.flatMap((one) => stressors[one]).join(' ')}`;

/**
 * Presses until it is told to stop; also ends with this process, however that comes.
 * @param directory on the disk that is to be busy.
 * @returns the way to stop; it throws HostError `pressure-lost` where the pressure had ended by itself.
 */
export function press(chosen: readonly Pressure[], directory: string): () => Promise<void> {
  if (chosen.length === 0) return () => Promise.resolve();
  const stress = execa(
    'setpriv',
    // Without a limit of its own, since nobody knows how long the cells take.
    ['--pdeathsig', 'TERM', 'stress-ng', '--timeout', '0', '--temp-path', directory].concat(
      chosen.flatMap((one) => stressors[one]),
    ),
    { stdin: 'ignore', stdout: 'ignore', reject: false },
  );
  let ended = false;
  void stress.then(() => {
    ended = true;
  });
  return async () => {
    const early = ended;
    stress.kill('SIGTERM');
    const { stderr } = await stress;
    if (early)
      throw new HostError('pressure-lost', `stress-ng ended before the soak did: ${stderr.trim()}`, {
        hint: 'The cells after that ran without pressure: free memory and disk, and begin anew.',
      });
  };
}
