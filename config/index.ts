/** What `boot.config.ts` and checks of one's own import from `boot-matrix`. */
export { type Config, defineConfig, type Known } from './config.ts';
export type { Contract } from '../scenarios/contracts/contract.ts';
export { nixosImages } from '../scenarios/contracts/systems/nixos-images.ts';
export type { Need } from '../scenarios/needs.ts';
export {
  type CheckContext,
  conclude,
  type Outcome,
  scenario,
  type Scenario,
  type ScenarioOptions,
} from '../scenarios/scenario.ts';
export type { GuestWithVerbs as Guest, Verbs } from '../scenarios/verbs/verbs.ts';
