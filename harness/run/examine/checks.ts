import { relative } from 'node:path';
import type { Contract } from '../../../scenarios/contracts/contract.ts';
import { builtIn } from '../../../scenarios/index.ts';
import { byNeeds } from '../../../scenarios/needs.ts';
import type { Scenario } from '../../../scenarios/scenario.ts';

/** A check of a run. */
export interface Check {
  scenario: Scenario;
  /** As the reports name it: from the project's root for ours, from the config for a user's own. */
  file: string;
  /** A user's own: its file, and the directory of the config. */
  own?: { source: string; base: string };
}

/** Checks of a user's own, and the directory of the config that names them. */
export interface OwnChecks {
  scenarios: readonly Scenario[];
  base: string;
}

/**
 * Every check of a run, in the order in which they run. Of two that need the same, a user's own comes first: ours switch the
 * machine off.
 */
export function checksOf(contract: Contract, own: OwnChecks): Check[] {
  const { base } = own;
  const theirs: Check[] = own.scenarios.map((scenario) => ({
    scenario,
    file: relative(base, scenario.source),
    own: { source: scenario.source, base },
  }));
  const ours: Check[] = builtIn.map((scenario) => ({ scenario, file: `scenarios/${scenario.name}.ts` }));
  const last = ours.filter(({ scenario }) => scenario.needs.includes('power'));
  const first = ours.filter((check) => !last.includes(check));
  return byNeeds([...first, ...theirs, ...last]).filter(
    // What the contract does not name is not promised, nor is it a check.
    ({ scenario: { part } }) => part === undefined || contract[part] !== undefined,
  );
}
