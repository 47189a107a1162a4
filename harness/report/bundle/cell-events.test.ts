import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { RunEvent } from '../../events.ts';
import { fold } from '../record/fold.ts';
import { cellEvents } from './cell-events.ts';

const golden = path.join(import.meta.dirname, '../golden/every-verdict.jsonl');
const events = readFileSync(golden, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as RunEvent);

test('one cell of a run is told as it was, and no other', () => {
  const whole = fold(events);
  for (const cell of whole.cells) {
    const { id } = cell.summary;
    const alone = fold(cellEvents(events, id));
    expect(alone.cells).toEqual([cell]);
    expect(alone.started).toBe(whole.started);
    for (const { path: file } of alone.digests)
      expect(file.startsWith(cell.summary.image), `${file} is of ${cell.summary.image}`).toBe(true);
  }
});
