import type { Requirement } from '../harness/requirement.ts';

/** What the scenarios run on the host. */
export const scenarioRequirements: readonly Requirement[] = [
  { command: 'ssh', package: 'openssh-client', reason: 'logs in to guests' },
  { command: 'ssh-keyscan', package: 'openssh-client', reason: 'reads the host keys of guests' },
  { command: 'ssh-keygen', package: 'openssh-client', reason: 'makes throw-away keys' },
];
