/** What a screen shows that it did not show before. */
export interface Fresh {
  /** In the order in which they stand there. */
  rows: string[];
  /** Nothing of what was there before is there any more: it may have scrolled by unseen, or was cleared. */
  mayHaveMissed: boolean;
}

/** Follows the rows of a screen that scrolls, so that each is read once. */
export class Scroll {
  #before: readonly string[] = [];

  /** Takes what stands there now. */
  follow(rows: readonly string[]): Fresh {
    const before = this.#before;
    this.#before = rows;
    const { by, same } = scrolledBy(before, rows);
    return {
      rows: rows.filter((row, at) => row !== '' && (same === 0 || !isOld(row, at, before[at + by]))),
      mayHaveMissed: same === 0 && before.some((row) => row !== ''),
    };
  }
}

/** Of a line that takes several rows the end alone may be left at the top. */
const isOld = (row: string, at: number, before: string | undefined): boolean =>
  row === before || (at === 0 && before?.endsWith(row) === true);

/** By how many rows the text moved up, so that as many as can be are where they were, and how many these are. */
function scrolledBy(before: readonly string[], after: readonly string[]): { by: number; same: number } {
  let best = { by: 0, same: 0 };
  for (let by = 0; by < before.length; by++) {
    let same = 0;
    for (let at = 0; at < after.length && at + by < before.length; at++)
      if (after[at] !== '' && after[at] === before[at + by]) same += 1;
    if (same > best.same) best = { by, same };
  }
  return best;
}
