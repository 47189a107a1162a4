/** The checks of the reference contract, by their names' order. */
export const referenceChecks = [
  'autologin',
  'commands',
  'console',
  'flakes',
  'keyboard',
  'network',
  'power',
  'sshd',
  'system',
  'users',
];
