import { compareAcross } from '../../compare/across.ts';
import { compareAgainst } from '../../compare/against.ts';
import type { RecordedRun } from '../../compare/recorded.ts';
import {
  type Across,
  type Allowance,
  type Comparison,
  type DifferenceRules,
  defaultLevels,
  type Levels,
  type Trend,
} from '../../difference.ts';
import { broughtBy } from '../../matrix/formats.ts';

/** What a run is compared with beside itself. */
export interface Beside {
  /** Earlier runs, the newest first. @default none */
  earlier?: readonly RecordedRun[];
  /** Ids of cells that there are, and that this run was not asked for. @default none */
  notRun?: readonly string[];
  /** How its boots stand beside earlier ones. @default no boot has one */
  trends?: readonly Trend[];
}

/**
 * Compares the cells of a run with each other, and the run with earlier ones.
 * @returns null where there is nothing to be compared.
 */
export function compareRun(
  run: RecordedRun,
  rules: DifferenceRules,
  { earlier = [], notRun = [], trends = [] }: Beside = {},
): Comparison | null {
  const levels = levelsOf(rules);
  const [newest, ...older] = earlier;
  return unlessNothing({
    across: acrossOf(run, rules),
    against: newest === undefined ? null : compareAgainst(run, [newest, ...older], { levels, notRun }),
    trends: trends.length === 0 ? null : { level: levels.boot, trends: [...trends] },
  });
}

/** Where one cell alone told what it is, and nothing else is beside it, nothing was compared. */
export const unlessNothing = (comparison: Comparison): Comparison | null =>
  comparison.across.cells < 2 && comparison.against === null && comparison.trends === null
    ? null
    : comparison;

const levelsOf = ({ differences = {} }: DifferenceRules): Levels => ({ ...defaultLevels, ...differences });

/** Compares the cells of a run with each other. */
export function acrossOf(run: RecordedRun, rules: DifferenceRules): Across {
  const { drift: level } = levelsOf(rules);
  if (level === 'ignore') {
    const cells = run.cells.filter(({ inventory }) => inventory !== null).length;
    return { level, cells, drifts: [], notes: [] };
  }
  const { mayDiffer = [] } = rules;
  const allowances = ({ format }: { format: string }): Allowance[] => [
    ...broughtBy(format),
    ...mayDiffer.filter((one) => one.formats?.includes(format) ?? true),
  ];
  return { level, ...compareAcross(run.cells, allowances) };
}
