import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { FailureWatcher } from '../signs/failures.ts';
import { readLines } from './transcript-lines.ts';
import { Transcript } from './transcript.ts';

it('tells finished lines, each once, and the unfinished one after each chunk and once it stands still', async () => {
  const transcript = new Transcript();
  const lines: string[] = [];
  const prompts: string[] = [];
  const still = Promise.withResolvers<void>();
  const stop = readLines(transcript, {
    onLine: (line) => {
      lines.push(line);
      if (line.includes('sorry')) still.resolve();
    },
    onPrompt: (line) => prompts.push(line),
  });
  transcript.append(Buffer.from('one\r\ntwo\r\nso'));
  transcript.append(Buffer.from('rry'));
  expect(lines).toEqual(['one', 'two']);
  expect(prompts).toEqual(['so', 'sorry']);
  await still.promise;
  transcript.append(Buffer.from('\r\nthree\r\n'));
  expect(lines).toEqual(['one', 'two', 'sorry', 'three']);
  stop();
  transcript.append(Buffer.from('four\r\nfive'));
  await sleep(400);
  expect(lines).toHaveLength(4);
});

it('recognises the last words of a machine that halts without a newline', async () => {
  const transcript = new Transcript();
  const failures = new FailureWatcher();
  failures.watch(transcript);
  const told = new Promise<string>((resolve) => failures.onFailure(({ code }) => resolve(code)));
  transcript.append(Buffer.from('ISOLINUX 6.04 20250413 ETCDisolinux: Image checksum error, sorry..'));
  expect(failures.failure).toBe(null);
  expect(await told).toBe('isolinux-failed');
});
