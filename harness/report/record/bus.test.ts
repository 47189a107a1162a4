import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { dir } from 'tmp-promise';
import { expect, onTestFinished, test } from 'vitest';
import type { EventBody, RunEvent } from '../../events.ts';
import { createEventBus } from './bus.ts';
import { createClosingReporter } from '../terminal/closing.ts';
import type { EventLog } from './event-log.ts';
import { openEventLog } from './event-log.ts';
import { createLiveReporter } from '../terminal/live.ts';
import { readEvents } from './read-events.ts';
import type { Reporter } from '../reporter.ts';
import { createFileReporter } from '../write.ts';

const notice = (text: string): EventBody => ({ type: 'notice', level: 'info', text });
const silentLog: EventLog = { append: () => {}, close: () => {} };

function collector(): Reporter & { events: RunEvent[] } {
  const events: RunEvent[] = [];
  return { events, onEvent: (event) => void events.push(event) };
}

test('the log comes first, and holds what the reporters get', () => {
  const lines: string[] = [];
  const seen: string[][] = [];
  const reporter: Reporter = { onEvent: (event) => void seen.push([JSON.stringify(event), ...lines]) };
  const bus = createEventBus({
    log: { ...silentLog, append: (line) => void lines.push(line) },
    reporters: [reporter],
  });
  bus.emit({ ...notice('hello'), text: 'lone \uD800' } as EventBody);
  expect(seen).toEqual([[lines[0], lines[0]]]);
  const event = JSON.parse(lines[0] ?? '') as RunEvent;
  expect(new Date(event.time).toISOString()).toBe(event.time);
  expect(event.at).toBeGreaterThanOrEqual(0);
});

test('a reporter that throws is dropped, the others go on, the error is kept', async () => {
  let calls = 0;
  const broken: Reporter = {
    onEvent() {
      calls++;
      throw new Error('broken view');
    },
    finish: () => Promise.reject(new Error('broken end')),
  };
  const whole = collector();
  const bus = createEventBus({ log: silentLog, reporters: [broken, whole] });
  bus.emit(notice('1'));
  bus.emit(notice('2'));
  const problems = await bus.finish();
  expect(problems.map(({ message }) => message)).toEqual(['broken view', 'broken end']);
  expect(calls).toBe(1);
  expect(whole.events).toHaveLength(2);
});

test('after a failed write nothing more is written, the reporters still see all', async () => {
  const written: string[] = [];
  const log: EventLog = {
    append(line) {
      if (written.length === 1) throw new Error('no space left on device');
      written.push(line);
    },
    close: () => {},
  };
  const reporter = collector();
  const bus = createEventBus({ log, reporters: [reporter] });
  for (const text of ['1', '2', '3']) bus.emit(notice(text));
  expect(await bus.finish()).toMatchObject([{ message: 'no space left on device' }]);
  expect(written).toHaveLength(1);
  expect(reporter.events).toHaveLength(3);
});

test('nothing is recorded after the end', async () => {
  const reporter = collector();
  const bus = createEventBus({ log: silentLog, reporters: [reporter] });
  await bus.finish();
  bus.emit(notice('late'));
  expect(reporter.events).toEqual([]);
});

test('a reader of the output that goes away does not end the run', async () => {
  const output = new PassThrough();
  const bus = createEventBus({ log: silentLog, reporters: [createLiveReporter(output, {})] });
  output.destroy(new Error('EPIPE'));
  bus.emit(notice('1'));
  expect(await bus.finish()).toEqual([]);
});

test('replaying the log of a live run gives the same reports, byte by byte', async () => {
  const { path: scratch, cleanup } = await dir({ unsafeCleanup: true });
  onTestFinished(() => cleanup());
  const out = path.join(scratch, 'reports');
  const reports = (output: PassThrough) => [
    createLiveReporter(output, {}),
    createFileReporter(out),
    createClosingReporter(out, output),
  ];
  const read = (output: PassThrough) => [
    readFileSync(path.join(out, 'junit.xml'), 'utf8'),
    readFileSync(path.join(out, 'summary.json'), 'utf8'),
    String(output.read()),
  ];

  const liveOutput = new PassThrough();
  const bus = createEventBus({ log: openEventLog(out, []), reporters: reports(liveOutput) });
  for (const event of readEvents(path.join(import.meta.dirname, '../golden/every-verdict.jsonl'))) {
    const { time: _time, at: _at, ...body } = event;
    bus.emit(body as EventBody);
  }

  expect(await bus.finish()).toEqual([]);
  const live = read(liveOutput);

  const replayOutput = new PassThrough();
  const replay = reports(replayOutput);
  for (const event of readEvents(path.join(out, 'events.jsonl'))) {
    for (const reporter of replay) reporter.onEvent(event);
  }

  for (const reporter of replay) await reporter.finish?.();
  expect(read(replayOutput)).toEqual(live);
});
