import path from 'node:path';
import { expect, test } from 'vitest';
import type { EventOf, RunEvent } from '../../events.ts';
import { junitXml } from '../junit/junit.ts';
import { fold } from '../record/fold.ts';
import { readEvents } from '../record/read-events.ts';
import type { Shard } from './check.ts';
import { mergeShards } from './merge.ts';

const whole = readEvents(path.join(import.meta.dirname, '../golden/every-verdict.jsonl'));
const started = whole.find((event) => event.type === 'run-started') as EventOf<'run-started'>;
const of = started.cells.map(({ id }) => id);

/** The same run as if it had been split: every other cell in each shard; what is of no cell in the first. */
function split(total: number): Shard[] {
  return Array.from({ length: total }, (_, shard) => {
    const isOurs = (cell: string) => of.indexOf(cell) % total === shard;
    const events = whole.flatMap((event): RunEvent[] => {
      if (event.type === 'run-started') {
        const cells = event.cells.filter(({ id }) => isOurs(id));
        return [{ ...event, cells, shard: { index: shard + 1, total, of } }];
      }
      if (event.type === 'run-finished') return [{ ...event, exitCode: shard === 0 ? 3 : 1 }];
      const isTold = 'cell' in event ? isOurs(event.cell) : shard === 0;
      return isTold ? [event] : [];
    });
    return { directory: `/shard-${shard + 1}`, events };
  });
}

const codeOf = (shards: readonly Shard[]): { code: string; message: string } => {
  try {
    mergeShards(shards, []);
  } catch (error) {
    return error as { code: string; message: string };
  }
  throw new Error('they were merged');
};

test('what the shards of a run are merged to is what the run itself tells', () => {
  const merged = mergeShards(split(3).toReversed(), started.command);
  const { seconds: _, ...record } = fold(merged);
  const { seconds, ...direct } = fold(whole);
  expect(record).toEqual(direct);
  expect(fold(merged).seconds).toBeCloseTo(whole.at(-1)?.at ?? seconds, 3);
  const junit = (events: readonly RunEvent[]) =>
    junitXml({ ...fold(events), seconds: 0 }, { attachmentPath: (file) => file });
  expect(junit(merged)).toBe(junit(whole));
  expect(merged.at(-1)).toMatchObject({ type: 'run-finished', exitCode: 1, interrupted: false });
});

test('a shard that began later is later in the run', () => {
  const [first, second] = split(2) as [Shard, Shard];
  const later = second.events.map((event) => ({
    ...event,
    time: new Date(Date.parse(event.time) + 60_000).toISOString(),
  }));
  const merged = mergeShards([first, { ...second, events: later }], []);
  expect(merged.at(-1)?.at).toBeCloseTo((whole.at(-1)?.at ?? 0) + 60, 3);
});

test('a shard that was killed makes the run an interrupted one', () => {
  const [first, second] = split(2) as [Shard, Shard];
  const cut = { ...second, events: second.events.filter(({ type }) => type !== 'run-finished') };
  expect(mergeShards([first, cut], []).at(-1)).toMatchObject({ exitCode: 130, interrupted: true });
});

test('what is missing, doubled or of another run is refused', () => {
  const [first, second, third] = split(3) as [Shard, Shard, Shard];
  const change = (shard: Shard, part: Partial<EventOf<'run-started'>>): Shard => ({
    directory: '/other',
    events: shard.events.map((event) => (event.type === 'run-started' ? { ...event, ...part } : event)),
  });
  expect(codeOf([]).code).toBe('shard-missing');
  expect(codeOf([first, third])).toMatchObject({
    code: 'shard-missing',
    message: 'Expected all 3 shards, got none of 2/3; wait for them, or run them again.',
  });
  expect(codeOf([first, second, { ...second, directory: '/again' }, third])).toMatchObject({
    code: 'shard-doubled',
    message: 'Expected each shard once, got shard 2/3 twice: /shard-2 and /again.',
  });
  expect(codeOf([first, change(second, { contract: 'other' }), third])).toMatchObject({
    code: 'shard-foreign',
    message:
      'Expected shards of one run, got two of different ones: /shard-1 and /other differ in their contract.',
  });
  expect(codeOf([first, change(second, { version: '9' }), third]).code).toBe('shard-foreign');
  expect(codeOf([first, change(second, { checks: ['sshd'] }), third]).code).toBe('shard-foreign');
  expect(codeOf([first, change(second, { shard: { index: 2, total: 4, of } }), third]).code).toBe(
    'shard-foreign',
  );
  expect(codeOf([{ directory: '/whole', events: whole }]).message).toBe(
    'Expected the events of a shard (--shard I/N) in /whole, got those of a whole run.',
  );
  const taken = change(second, { cells: started.cells.slice(0, 1) });
  expect(codeOf([first, taken, third])).toMatchObject({ code: 'shard-cells' });
  const file = { path: '/image', sha256: 'a' };
  const digests = (shard: Shard, sha256: string): Shard => ({
    ...shard,
    events: [
      ...shard.events,
      { type: 'digests', when: 'before', files: [{ ...file, sha256 }], time: '', at: 0 },
    ],
  });
  expect(codeOf([digests(first, 'a'), digests(second, 'b'), third]).message).toBe(
    'Expected shards of one run, got two that tested different bytes at /image: /shard-1 and /shard-2.',
  );
});
