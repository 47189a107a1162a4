import type { Contract } from '../scenarios/contracts/contract.ts';

/** Promises nothing but who is logged in on serial, a way in: no check needs a guest that is a whole system. */
export const bareContract = (user = 'root'): Contract => ({
  name: 'bare',
  autologin: { screen: null, serial: { default: user } },
  login: null,
  sshd: null,
  flakes: null,
  keyboard: null,
  power: null,
  // A guest that the stub plays is this host, which other tests change meanwhile.
  differences: { drift: 'ignore' },
});
