import type { Trend } from '../difference.ts';
import { upperBound } from './band.ts';
import { keyOf, type RecordedBoot } from './boots.ts';

/** The figures that count: up to the shell, by the clock and of processor, and what systemd counts for itself. */
const counting: ReadonlySet<string> = new Set(['shell', 'shell cpu', 'systemd userspace']);

/** What never counts, in seconds of the reference machine. */
const least = 2;

/** A boot of this run, and the cell that it is told of. */
export interface CellBoot {
  cell: string;
  boot: RecordedBoot;
}

/**
 * Each figure of some boots beside those of earlier ones.
 * @param history the oldest first; what is not of the same subject and machine is left aside.
 */
export function trendsOf(boots: readonly CellBoot[], history: readonly RecordedBoot[]): Trend[] {
  const earlierOf = Map.groupBy(history, keyOf);
  return boots.flatMap(({ cell, boot }) => {
    const before = earlierOf.get(keyOf(boot)) ?? [];
    return Object.entries(boot.figures).flatMap(([figure, now]): Trend[] => {
      const earlier = before.flatMap(({ figures, slowness }) => {
        const value = figures[figure];
        // As this host would have taken it: a person who waited knows no other seconds.
        return value === undefined ? [] : [round((value / slowness) * boot.slowness)];
      });
      if (earlier.length === 0) return [];
      const upTo = round(upperBound(earlier, least * boot.slowness));
      const { machine } = boot;
      return [
        {
          cell,
          machine,
          figure,
          earlier,
          now: round(now),
          upTo,
          isBeyond: counting.has(figure) && now > upTo,
        },
      ];
    });
  });
}

const round = (seconds: number): number => Math.round(seconds * 1000) / 1000;
