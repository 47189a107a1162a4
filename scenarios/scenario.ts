import { fileURLToPath } from 'node:url';
import { getCallSites } from 'node:util';
import type { Guest } from '../harness/console/guest.ts';
import type { Evidence } from '../harness/events.ts';
import type { Contract, ContractPart } from './contracts/contract.ts';
import { expect } from './expect.ts';
import type { Need } from './needs.ts';
import { type GuestWithVerbs, withVerbs } from './verbs/verbs.ts';

/** What a check found; evidence goes through `note` as it is seen. */
export type Outcome =
  | { verdict: 'passed' }
  /** `reason`: one sentence that says what was expected and what was seen. */
  | { verdict: 'failed'; reason: string }
  /** What was to be proven could not be tried; `reason` says why. */
  | { verdict: 'skipped'; reason: string };

/** What a check gets. */
export interface CheckContext<Part extends ContractPart = never> {
  /** The running guest, with a verb for each thing that is done to it. */
  guest: GuestWithVerbs;
  /** What the image promises; the part that the check is about is there. */
  contract: Contract & { [Name in Part]: NonNullable<Contract[Name]> };
  /** Jest's matchers (https://vitest.dev/api/expect): what it throws makes the check `failed`, with its message and diff. */
  expect: typeof expect;
  /** Adds to the evidence of this check, in the order seen. */
  note: (evidence: Evidence) => void;
}

export interface ScenarioOptions<Part extends ContractPart = never> {
  /** What the check takes for itself; checks run in the order of `needs.ts`. @default nothing */
  needs?: readonly Need[];
  /**
   * The part of the contract that this check proves: where the contract says null, the check is skipped, and where it
   * does not name the part, there is no such check. @default none: it always runs
   */
  contract?: Part;
  /** The check changes nothing in the guest, so that it disturbs no other. @default false */
  readOnly?: boolean;
  /** Bound on all of it in seconds, multiplied by the machine's slowness; one that takes longer is an `error`. @default 600 */
  timeoutSeconds?: number;
}

/** One check of a guest. */
export interface Scenario {
  /** Test name in the reports. */
  readonly name: string;
  /** The file that made it, absolute. */
  readonly source: string;
  readonly needs: readonly Need[];
  readonly readOnly: boolean;
  readonly timeoutSeconds: number;
  /** The part of the contract that it proves. */
  readonly part?: ContractPart;
  /** Runs it; rejects with whatever the check threw. */
  check(guest: Guest, contract: Contract): Promise<Outcome>;
}

/**
 * Makes a check.
 * @param name its name in the reports: letters, digits, `-` and `_`, unique in a run.
 * @param body resolves to nothing where all is well, or to an outcome. What `expect` throws is the guest's (`failed`), what
 * a verb throws is whose it says, and any other error is the check's own (`error`, with file and line).
 * @example
 * export default scenario('tor', { needs: ['network'] }, async ({ guest, expect }) => {
 *   await guest.waitForUnit('tor.service');
 *   expect((await guest.run('cat /var/lib/tor/onion/hostname')).output).toMatch(/\.onion$/);
 * });
 */
export function scenario<Part extends ContractPart = never>(
  name: string,
  options: ScenarioOptions<Part>,
  body: (context: CheckContext<Part>) => Promise<Outcome | void>,
): Scenario {
  const { contract: part, needs = [], readOnly = false, timeoutSeconds = 600 } = options;
  return {
    name,
    source: callerFile(),
    needs,
    readOnly,
    timeoutSeconds,
    ...(part === undefined ? {} : { part }),
    async check(guest, contract) {
      // Null: the contract says that it promises nothing of this.
      if (part !== undefined && (contract[part] ?? null) === null) return notPromised(part);
      const outcome = await body({
        guest: withVerbs(guest, needs),
        contract: contract as CheckContext<Part>['contract'],
        expect,
        note: (evidence) => guest.note(evidence),
      });
      return outcome ?? { verdict: 'passed' };
    },
  };
}

/** The file from which `scenario` was called. */
function callerFile(): string {
  const name = getCallSites(3)[2]?.scriptName ?? '';
  return name.startsWith('file:') ? fileURLToPath(name) : name;
}

const notPromised = (part: ContractPart): Outcome => ({
  verdict: 'skipped',
  reason: `the contract promises nothing about ${part}`,
});

/** Passed when there is no problem; else failed, with all of them in one sentence. */
export function conclude(problems: readonly (string | null)[]): Outcome {
  const real = problems.filter((problem) => problem !== null);
  return real.length === 0 ? { verdict: 'passed' } : { verdict: 'failed', reason: real.join('; ') };
}
