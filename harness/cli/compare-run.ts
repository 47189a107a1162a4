import type { Contract } from '../../scenarios/contracts/contract.ts';
import { compareAcross } from '../compare/across.ts';
import { compareAgainst } from '../compare/against.ts';
import type { RecordedRun } from '../compare/recorded.ts';
import { type Allowance, type Comparison, defaultLevels, type Levels } from '../difference.ts';
import { broughtBy } from '../matrix/formats.ts';

/** What is explained beside what formats bring, and what counts. */
export type Rules = Pick<Contract, 'mayDiffer' | 'differences'>;

/**
 * Compares the cells of a run with each other, and the run with earlier ones.
 * @param earlier the newest first; empty: there is nothing to compare it with.
 * @returns null where there is nothing to be compared.
 */
export function compareRun(
  run: RecordedRun,
  { mayDiffer = [], differences = {} }: Rules,
  earlier: readonly RecordedRun[] = [],
): Comparison | null {
  const levels: Levels = { ...defaultLevels, ...differences };
  const told = run.cells.filter(({ inventory }) => inventory !== null).length;
  const [newest, ...older] = earlier;
  if (told < 2 && newest === undefined) return null;
  const allowances = ({ format }: { format: string }): Allowance[] => [
    ...broughtBy(format),
    ...mayDiffer.filter((one) => one.formats?.includes(format) ?? true),
  ];
  const across =
    levels.drift === 'ignore' ? { cells: told, drifts: [], notes: [] } : compareAcross(run.cells, allowances);
  return {
    across: { level: levels.drift, ...across },
    against: newest === undefined ? null : compareAgainst(run, [newest, ...older], { levels }),
  };
}
