import { GuestError, HostError } from '../../errors.ts';
import { type Deeds, starvationOf } from './activity.ts';

/** Code of what the host is to blame for. */
export const tooBusy = 'host-too-busy';

/** A guest ran out of time that its host did not give it. */
export const hostTooBusy = (what: string, starvation: string): HostError =>
  new HostError(tooBusy, `${what}; but ${starvation}, and its clock went on`, {
    hint: 'Run fewer machines at once (-j), or leave more of the processors to them.',
    transient: true,
  });

/** The same error, or the host's: what ran out of time had no chance where the host kept the machine from running. */
export function orHostTooBusy(error: unknown, spent: Pick<Deeds, 'seconds' | 'starved'>): unknown {
  if (!(error instanceof GuestError && error.ranOut)) return error;
  const starvation = starvationOf(spent);
  return starvation === null ? error : hostTooBusy(error.message.replace(/\.$/, ''), starvation);
}
