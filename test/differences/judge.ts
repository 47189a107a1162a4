import type { Comparison } from '../../harness/difference.ts';
import { comparedParts } from '../../harness/compare/across.ts';
import type { Difference } from './difference.ts';

/** What the harness said of a changed image. */
export interface Outcome {
  /** The verdict on its cell, and why. */
  verdict: string;
  reason: string;
  /** It beside the sound image of the same format. */
  against: Comparison['against'];
  /** It beside the sound images of other formats; `cell` is its own. */
  across: Comparison['across'];
  cell: string;
}

/** What of it was not as it has to be, a line each; none: that thing was found, placed and named, and nothing else. */
export function judge({ told }: Pick<Difference, 'told'>, outcome: Outcome): string[] {
  if (outcome.verdict !== 'passed') return [`the cell ${outcome.verdict}: ${outcome.reason}`];
  const { against, across, cell } = outcome;
  if (against === null) return ['it was not compared with the sound image'];
  const changes = against.changes.map(({ kind, what, name }) => `${kind}, ${what}: ${name}`);
  const expected = told.map(({ kind, part, name }) => `${kind}, ${kind === 'size' ? kind : part}: ${name}`);
  const drifts = across.drifts.flatMap(({ part, names, groups, hasMost }) =>
    names.map(({ name }) => {
      const placed = hasMost && groups.length === 2 && groups[1]?.join() === cell;
      return `${part}: ${name}${placed ? '' : ` (not as this image's: ${JSON.stringify(groups)})`}`;
    }),
  );
  // Figures are each format's own.
  const shared = told.filter(({ part }) => comparedParts.includes(part));
  return [
    ...unlike('against the sound image', expected, changes),
    ...unlike(
      'across formats',
      shared.map(({ part, name }) => `${part}: ${name}`),
      drifts,
    ),
  ];
}

function unlike(where: string, expected: readonly string[], got: readonly string[]): string[] {
  const lines = (these: readonly string[], those: readonly string[], what: string): string[] =>
    these.filter((one) => !those.includes(one)).map((one) => `${where} ${what} ${one}`);
  return [...lines(expected, got, 'not told:'), ...lines(got, expected, 'told beside it:')];
}
