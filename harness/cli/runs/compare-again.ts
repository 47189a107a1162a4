import type { RunEvent } from '../../events.ts';
import { fold } from '../../report/record/fold.ts';
import { acrossOf, unlessNothing } from './compare-run.ts';
import { withComparison } from '../exit-code.ts';
import { recordedRun } from './recorded-run.ts';

/**
 * The events of a run whose cells are compared with each other anew, by the inventories in its directory; what was told of
 * earlier runs stays. The comparison comes last but the end, whose exit code goes by it.
 * @returns the same events where the run was cut off, or where less is there to be compared than there was.
 */
export function compareAgain(events: readonly RunEvent[], out: string): readonly RunEvent[] {
  const others = events.filter(({ type }) => type !== 'compared' && type !== 'run-finished');
  const end = events.findLast((event) => event.type === 'run-finished');
  const rules = events.find((event) => event.type === 'run-started')?.rules;
  // An earlier release did not tell by which rules it compared: others would find otherwise.
  if (end === undefined || end.interrupted || rules === undefined) return events;
  const told = events.findLast((event) => event.type === 'compared');
  const record = fold(others);
  const run = recordedRun(record, { out, name: out });
  const lost = record.cells.flatMap(({ inventory, summary: { id } }, index) =>
    inventory !== null && run.cells[index]?.inventory === null ? [id] : [],
  );
  if (lost.length > 0 && (told?.across.cells ?? 0) > 0) return events;
  const comparison = unlessNothing({
    across: acrossOf(run, rules),
    against: told?.against ?? null,
    trends: told?.trends ?? null,
  });
  const { time, at } = end;
  return [
    ...others,
    ...lost.map((id): RunEvent => ({ type: 'notice', level: 'warning', time, at, text: lostText(id) })),
    ...(comparison === null ? [] : [{ type: 'compared' as const, time, at, ...comparison }]),
    { ...end, exitCode: withComparison(end.exitCode, comparison) },
  ];
}

const lostText = (id: string): string =>
  `${id} is not compared with the other cells: it told what it is, and its inventory.json is not there any more, or is none`;
