import type { Guest } from '../harness/console/guest.ts';
import type { Contract } from './contracts/contract.ts';

/** What a scenario found; evidence goes through `guest.note` as it is seen. */
export type Outcome =
  | { verdict: 'passed' }
  /** `reason`: one sentence that says what was expected and what was seen. */
  | { verdict: 'failed'; reason: string }
  | { verdict: 'skipped'; reason: string };

/** One check of the contract. */
export interface Scenario {
  /** Test name in the reports. */
  readonly name: string;
  /** Source file from the project's root. */
  readonly file: string;
  check(guest: Guest, contract: Contract): Promise<Outcome>;
}

/** Passed when there is no problem; else failed, with all of them in one sentence. */
export function conclude(problems: readonly (string | null)[]): Outcome {
  const real = problems.filter((problem) => problem !== null);
  return real.length === 0 ? { verdict: 'passed' } : { verdict: 'failed', reason: real.join('; ') };
}
