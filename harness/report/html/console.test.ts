import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { dir } from 'tmp-promise';
import { expect, onTestFinished, test } from 'vitest';
import { type ConsoleLine, markLines, readRecording } from './console.ts';

async function recorded(...lines: unknown[]): Promise<string> {
  const { path: directory, cleanup } = await dir({ unsafeCleanup: true });
  onTestFinished(() => cleanup());
  const file = path.join(directory, 'console.cast');
  writeFileSync(
    file,
    lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
  );
  return file;
}

const header = { version: 2, width: 80, height: 24 };

test('lines have the time at which they were whole, without what only a terminal reads', async () => {
  const file = await recorded(
    header,
    [1, 'o', 'Lin'],
    [2, 'o', 'ux\r\n\x1b[1;31mred'],
    [2.5, 'm', 'a marker'],
    [3, 'o', '\x1b[0m\r\n'],
    // GRUB's menu is written row by row.
    [4, 'o', '\x1b[5;2Hone\x1b[6;2Htwo'],
  );
  expect(readRecording(file, { text: true })?.lines).toEqual([
    { at: 2, text: 'Linux' },
    { at: 3, text: 'red' },
    { at: 4, text: 'one' },
    { at: 4, text: 'two' },
  ]);
});

test('a torn recording, and one that is none, are read as far as they go', async () => {
  const file = await recorded(header, [1, 'o', 'one\n'], '[2,"o","tw');
  expect(readRecording(file, { text: true })).toMatchObject({ length: 1, frames: [[1, 4]] });
  expect(readRecording('/nowhere', { text: true })).toBeUndefined();
  expect(readRecording(await recorded('no JSON'), { text: true })).toMatchObject({ lines: [], frames: [] });
});

test('of a console without end the end is told', async () => {
  const frames = Array.from({ length: 40 }, (_, at) => [at, 'o', `${at} ${'x'.repeat(64 * 1024)}\n`]);
  const lines = readRecording(await recorded(header, ...frames), { text: true })?.lines ?? [];
  expect(lines.at(-1)?.text).toMatch(/^39 x/);
  expect(lines.length).toBeLessThan(10);
});

const linesOf = (...texts: string[]): ConsoleLine[] => texts.map((text, at) => ({ at, text }));

test('what the reason quotes is marked, the newest of it; then what the evidence has', () => {
  const lines = linesOf(
    'error: no such device: gone',
    'Welcome to GRUB',
    'error: no such device: gone',
    'grub rescue>',
  );
  markLines(lines, 'stuck in GRUB at `grub rescue>`: no such device', ['Welcome to GRUB\n  ok\n']);
  expect(lines.map(({ mark }) => mark)).toEqual([undefined, 'evidence', 'reason', 'reason']);
});

test('a path that the reason names is found in a line that says it in other words', () => {
  const lines = linesOf(
    'Mounted /boot',
    'Timed out waiting for device /dev/disk/by-label/absent.',
    'Reached target',
  );
  markLines(lines, 'systemd: emergency mode, waiting for /dev/disk/by-label/absent', []);
  expect(lines.map(({ mark }) => mark)).toEqual([undefined, 'reason', undefined]);
});
