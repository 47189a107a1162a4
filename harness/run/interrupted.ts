import { HostError } from '../errors.ts';

/** The run was ended from outside; nobody's fault, and no verdict on the guest. */
export const interrupted = (): HostError =>
  new HostError('interrupted', 'interrupted before it had finished');
