import type { Contract } from '../../../scenarios/contracts/contract.ts';
import type { Access, Emit, Phase } from '../../events.ts';
import type { Machine } from '../../machine/machine.ts';
import type { Cell } from '../../matrix/cell.ts';
import type { PreparedRung } from '../access/rung.ts';
import type { Boot } from '../boot.ts';
import type { OwnBudgets } from '../budgets.ts';
import type { Claims } from '../claims.ts';
import type { KnownFailure } from '../known.ts';
import type { CellArtefacts } from '../keep/artefacts.ts';
import type { Screens } from '../keep/screens.ts';
import type { OwnChecks } from './checks.ts';
import type { Teardown } from '../teardown.ts';

/** How far an examination came. */
export interface Progress {
  phase: Phase | null;
  access: Access | null;
  /** Whether its system spoke on serial; known once its machine is gone. */
  spoke: boolean;
}

/** What is examined: a machine that was just switched on, and what it was given. */
export interface Subject {
  cell: Cell;
  machine: Machine;
  contract: Contract;
  /** The user's own checks. */
  own: OwnChecks;
  /** What phases may take in place of our budgets. */
  budgets: OwnBudgets;
  /** Failures that are known. */
  known: readonly KnownFailure[];
  /** The names of the only checks to run; undefined: all. */
  checks: readonly string[] | undefined;
  claims: Claims;
  slowness: number;
  /** No other machine of this run runs beside it. */
  isAlone: boolean;
  scratch: string;
  artefacts: CellArtefacts;
  /** How the machine was booted. */
  prepared: PreparedRung;
  /** Takes what the examination leaves open; run before the machine is stopped. */
  teardown: Teardown;
  emit: Emit;
  /** Ends the examination with its reason: interrupted, or a defect of ours. */
  signal: AbortSignal;
  /** Kept up to date, so that it is known also where the examination ends by an error. */
  progress: Progress;
}

/** A machine that is followed. */
export interface Session extends Subject {
  /** The boot from power-on; a reset that a check asks for is followed by its `power`. */
  boot: Boot;
  /** Seconds until each phase in which the host gave the machine no processor. */
  starved: Partial<Record<Phase, number>>;
  screens: Screens;
}
