import { HostError } from '../errors.ts';

/** Code of what the host is to blame for. */
export const tooBusy = 'host-too-busy';

/** A guest ran out of time that its host did not give it. */
export const hostTooBusy = (what: string, starvation: string): HostError =>
  new HostError(tooBusy, `${what}; but ${starvation}, and its clock went on`, {
    hint: 'Run fewer machines at once (-j), or leave more of the processors to them.',
    transient: true,
  });
