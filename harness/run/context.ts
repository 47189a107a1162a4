import type { Contract } from '../../scenarios/contracts/contract.ts';
import type { AcceleratorReport, Emit } from '../events.ts';
import type { AttachServer } from './attach/attach-server.ts';
import type { OwnBudgets } from './budgets.ts';
import type { Claims } from './claims.ts';
import type { Digests } from './digests.ts';
import type { OwnChecks } from './examine/checks.ts';
import type { Progress } from './examine/session.ts';
import type { KnownFailure } from './known.ts';

/** What a cell is run with. */
export interface CellContext {
  contract: Contract;
  /** The user's own checks. */
  own: OwnChecks;
  /** What phases may take in place of our budgets. */
  budgets: OwnBudgets;
  /** Failures that are known. */
  known: readonly KnownFailure[];
  /** The names of the only checks to run; undefined: all. */
  checks: readonly string[] | undefined;
  accelerator: AcceleratorReport;
  cpus: number;
  /** Multiplies every time limit: the machine's slowness and how many vCPUs share a core. */
  slowness: number;
  /** No other machine of this run runs beside it. */
  isAlone: boolean;
  /** Whether a boot that failed without a word of why is done once more for the reason. */
  explain: boolean;
  /** For how many seconds the machine of a cell that did not pass is kept for a person; undefined: it is not. */
  holdSeconds: number | undefined;
  /** Lets persons into machines. */
  attach: AttachServer;
  out: string;
  scratch: string;
  digests: Digests;
  claims: Claims;
  emit: Emit;
  signal: AbortSignal;
}

/** How far an attempt has come, kept up to date for a machine that ends by an error. */
export interface AttemptProgress extends Progress {
  /** CPU time of its QEMU in seconds; null while none has ended. */
  cpuSeconds: number | null;
  /** Seconds in which its QEMU waited for a processor of the host. */
  starvedSeconds: number;
  /** Seconds in which a machine was kept for a person, which are no part of the attempt's. */
  heldSeconds: number;
}

/** CPU times of machines; null stands for one that never ran. */
export const addUp = (a: number | null, b: number | null): number | null => (a === null ? b : a + (b ?? 0));
