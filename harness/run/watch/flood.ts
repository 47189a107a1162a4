import { statSync } from 'node:fs';
import type { Transcript } from '../../console/serial/transcript.ts';
import { GuestError } from '../../errors.ts';
import type { Watch } from './watch.ts';

/**
 * What a guest may say on its console: hours of an emulated UART's full speed are not needed to see what it does, and
 * the log of each cell stays on the disk.
 */
const limitMiB = 64;
const lookMilliseconds = 500;

/** Ends a machine whose console's log grows beyond all measure. Returns the way to end this. */
export function watchForFlood(log: string, transcript: Transcript, watch: Pick<Watch, 'fail'>): () => void {
  const timer = setInterval(() => {
    const size = statSync(log, { throwIfNoEntry: false })?.size ?? 0;
    if (size <= limitMiB * 2 ** 20) return;
    clearInterval(timer);
    watch.fail(
      new GuestError('console-flood', `the guest flooded the console with more than ${limitMiB} MiB`, {
        evidence: transcript.tail(),
      }),
    );
  }, lookMilliseconds);
  return () => clearInterval(timer);
}
