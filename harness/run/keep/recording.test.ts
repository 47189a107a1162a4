import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dir } from 'tmp-promise';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { Machine } from '../../machine/machine.ts';
import { recordConsole } from './recording.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A machine that says this, a frame each, then ends; its recording, and what of it was there before the end. */
async function record(said: readonly Uint8Array[], most?: { head: number; tail: number }) {
  const { path, cleanup } = await dir({ unsafeCleanup: true });
  onTestFinished(() => cleanup());
  const file = join(path, 'console.cast');
  const ended = Promise.withResolvers<Awaited<Machine['exited']>>();
  let say: (data: Uint8Array) => void = () => {};
  const onSerial = (listener: typeof say): (() => void) => {
    say = listener;
    return () => {};
  };
  recordConsole(
    { onSerial, exited: ended.promise },
    file,
    most === undefined ? { title: 'qemu' } : { title: 'qemu', most },
  );
  for (const bytes of said) {
    say(bytes);
    vi.advanceTimersByTime(1000);
  }
  const meanwhile = readFileSync(file, 'utf8');
  ended.resolve({ code: 0, signal: null, stderr: '', oomKilled: false });
  await ended.promise;
  return { text: readFileSync(file, 'utf8'), meanwhile, lines: linesOf(readFileSync(file, 'utf8')) };
}

type Line = [at: number, kind: string, data: string];
const linesOf = (text: string): [header: object, ...frames: Line[]] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line)) as [object, ...Line[]];

test('is an asciicast: a header, then frames whose times rise, written as they come', async () => {
  const { lines, meanwhile, text } = await record([Buffer.from('one\r\n'), Buffer.from('two\r\n')]);
  const [header, ...frames] = lines;
  expect(header).toMatchObject({ version: 2, width: 160, height: 48, title: 'qemu' });
  expect(frames).toEqual([
    [0, 'o', 'one\r\n'],
    [1, 'o', 'two\r\n'],
  ]);
  expect(meanwhile).toBe(text);
});

test('what a guest sends stays data: escapes, quotes, zeros, torn and broken UTF-8', async () => {
  const hostile = Buffer.concat([
    Buffer.from('\x1b]0;x\x07"]\n[0,"o","\0\u2028</script>ä'),
    Buffer.from([0xff, 0xc3]),
  ]);
  const { lines } = await record([...hostile].map((byte) => Uint8Array.of(byte)));
  const [, ...frames] = lines;
  expect(frames.map(([, , data]) => data).join('')).toBe(
    '\x1b]0;x\x07"]\n[0,"o","\0\u2028</script>ä\ufffd\ufffd',
  );
});

test('a guest that never stops has its beginning and its end there, and a marker where something is missing', async () => {
  const said = Array.from({ length: 500 }, (_, index) => Buffer.from(`line ${index}\n`.padStart(80, '.')));
  const { text, lines } = await record(said, { head: 2000, tail: 1000 });
  expect(text.length).toBeLessThan(3500);
  const [, ...frames] = lines;
  expect(frames[0]?.[2]).toContain('line 0\n');
  expect(frames.at(-1)?.[2]).toContain('line 499\n');
  expect(frames.filter(([, kind]) => kind === 'm').map(([, , label]) => label)).toEqual([
    expect.stringMatching(/^\d+ characters are left out here$/),
  ]);
  const times = frames.map(([at]) => at);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});

test('a place that cannot be written to is told once, and the machine goes on', async () => {
  const problems: string[] = [];
  const exited = new Promise<never>(() => {});
  const onSerial = (listener: (data: Uint8Array) => void): (() => void) => {
    listener(Buffer.from('hello'));
    return () => {};
  };
  recordConsole({ onSerial, exited }, '/nowhere/console.cast', {
    title: 'qemu',
    onProblem: ({ message }) => problems.push(message),
  });
  vi.advanceTimersByTime(1000);
  expect(problems).toEqual([expect.stringContaining('ENOENT')]);
});
