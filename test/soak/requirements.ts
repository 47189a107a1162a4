import type { Requirement } from '../../harness/requirement.ts';
import { type Pressure, stressOptions } from './pressure.ts';

/** What a soak under this pressure runs on the host, beside what the harness itself asks for. */
export const requirementsOf = (pressure: readonly Pressure[]): Requirement[] => [
  { command: 'setpriv', package: 'util-linux', reason: 'ends what is under way with the soak' },
  ...(stressOptions(pressure).length === 0
    ? []
    : [
        {
          command: 'stress-ng',
          package: 'stress-ng',
          reason: 'takes CPU, memory and disk from the machines',
        },
      ]),
];
