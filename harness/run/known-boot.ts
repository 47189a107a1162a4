import type { Cell } from '../matrix/cell.ts';
import { asKnown, type KnownFailure, knownOf } from './known.ts';
import type { Conclusion } from './verdict.ts';

/** What a cell that lets nobody in fails. */
const bootCheck = 'boot';

/** What a known failure makes of a cell's boot; its checks have been told apart already. */
export function bootAsKnown(
  conclusion: Conclusion,
  { gotIn, known, cell }: { gotIn: boolean; known: readonly KnownFailure[]; cell: Cell },
): Conclusion {
  const boot = knownOf(known, cell, bootCheck);
  if (boot === undefined) return conclusion;
  if (!gotIn) return asKnown(conclusion, boot);
  // A guest that broke another promise has failed already.
  if (conclusion.verdict === 'failed' || conclusion.verdict === 'error') return conclusion;
  const passed = asKnown({ verdict: 'passed', reason: '' }, boot);
  return { ...conclusion, ...passed, reason: `${bootCheck}: ${passed.reason}` };
}
