import { HostError } from '../errors.ts';

/** A guest ran out of time that its host did not give it. */
export const hostTooBusy = (what: string, starvation: string): HostError =>
  new HostError('host-too-busy', `${what}; but ${starvation}, and its clock went on`, {
    hint: 'Run fewer machines at once (-j), or leave more of the processors to them.',
    transient: true,
  });
