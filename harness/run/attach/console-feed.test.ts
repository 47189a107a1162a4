import { appendFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { dir } from 'tmp-promise';
import { expect, onTestFinished, test } from 'vitest';
import { ConsoleFeed } from './console-feed.ts';

async function makeLog(text: string): Promise<string> {
  const { path, cleanup } = await dir({ unsafeCleanup: true });
  onTestFinished(() => cleanup());
  const log = join(path, 'serial.log');
  await writeFile(log, text);
  return log;
}

test('whoever looks gets all from the beginning, what comes, and the end', async () => {
  const log = await makeLog('booting\n');
  const screen = new PassThrough();
  const feed = new ConsoleFeed(log, screen);
  feed.pump();
  await appendFile(log, 'login: ');
  feed.pump();
  expect(String(screen.read())).toBe('booting\nlogin: ');
  await appendFile(log, 'bye\n');
  feed.end();
  expect(String(screen.read())).toBe('bye\n');
  screen.resume();
  await new Promise((resolve) => screen.once('end', resolve));
});

test('a slow reader is waited for, and misses nothing', async () => {
  const log = await makeLog('x'.repeat(300_000));
  const got: Buffer[] = [];
  const waiting: (() => void)[] = [];
  const slow = new Writable({
    highWaterMark: 1,
    write(chunk, _, done) {
      got.push(chunk);
      waiting.push(done);
    },
  });
  const feed = new ConsoleFeed(log, slow);
  feed.pump();
  expect(got).toHaveLength(1);
  await appendFile(log, 'end');
  feed.end();
  expect(got).toHaveLength(1);
  const finished = new Promise((resolve) => slow.once('finish', resolve));
  const drain = setInterval(() => waiting.shift()?.(), 1);
  await finished;
  clearInterval(drain);
  expect(Buffer.concat(got).toString()).toBe(`${'x'.repeat(300_000)}end`);
});

test('a log that somebody emptied goes on at its new end', async () => {
  const log = await makeLog('before\n');
  const screen = new PassThrough();
  const feed = new ConsoleFeed(log, screen);
  feed.pump();
  await truncate(log, 0);
  feed.pump();
  await appendFile(log, 'after\n');
  feed.pump();
  expect(String(screen.read())).toBe('before\nafter\n');
});
