import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { dir } from 'tmp-promise';
import { expect, onTestFinished, test } from 'vitest';
import { UsageError } from '../../errors.ts';
import { openEventLog } from './event-log.ts';
import { readEvents } from './read-events.ts';

async function scratch(): Promise<string> {
  const { path: directory, cleanup } = await dir({ unsafeCleanup: true });
  onTestFinished(() => cleanup());
  return directory;
}

const started = (...ids: string[]) =>
  JSON.stringify({ time: '', at: 0, type: 'run-started', cells: ids.map((id) => ({ id })) });

function put(file: string, text = 'x'): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

test('an event is in the file once it is appended', async () => {
  const out = path.join(await scratch(), 'new', 'reports');
  const log = openEventLog(out, []);
  log.append('{"type":"a","at":1}');
  expect(readFileSync(path.join(out, 'events.jsonl'), 'utf8')).toBe('{"type":"a","at":1}\n');
  log.append('{"type":"b","at":2}');
  log.close();
  expect(readEvents(path.join(out, 'events.jsonl'))).toMatchObject([{ type: 'a' }, { type: 'b' }]);
});

test('what an earlier run left goes, other files stay', async () => {
  const out = await scratch();
  put(path.join(out, 'events.jsonl'), `${started('old.x', '../keep', '..')}\n{"torn`);
  for (const file of ['junit.xml', 'summary.json', 'cells/old.x/serial.log', 'cells/new.x/serial.log']) {
    put(path.join(out, file));
  }

  for (const file of ['notes.txt', 'cells/foreign/file', 'keep/file']) put(path.join(out, file));
  openEventLog(out, ['new.x']).close();
  expect(readdirSync(out).sort()).toEqual(['cells', 'events.jsonl', 'keep', 'notes.txt']);
  expect(readdirSync(path.join(out, 'cells'))).toEqual(['foreign']);
  expect(existsSync(path.join(out, 'keep/file'))).toBe(true);
  expect(readFileSync(path.join(out, 'events.jsonl'), 'utf8')).toBe('');
});

test('an output directory that is a file is refused in one sentence', async () => {
  const file = path.join(await scratch(), 'reports');
  put(file);
  expect(() => openEventLog(file, [])).toThrow(UsageError);
  expect(() => openEventLog(file, [])).toThrow(
    /^Expected a directory .*reports: .*choose another with --out\.$/,
  );
});

test('a torn last line is left out, another broken line is an error', async () => {
  const file = path.join(await scratch(), 'events.jsonl');
  put(file, '{"type":"a","at":1}\n{"type":"b","a');
  expect(readEvents(file)).toMatchObject([{ type: 'a' }]);
  appendFileSync(file, '\n{"type":"c","at":3}\n');
  expect(() => readEvents(file)).toThrow(/got something else in line 2\.$/);
  expect(() => readEvents(`${file}.missing`)).toThrow(UsageError);
});
