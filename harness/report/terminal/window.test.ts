import path from 'node:path';
import { PassThrough } from 'node:stream';
import xterm from '@xterm/headless';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CellSummary, RunEvent } from '../../events.ts';
import { Fold } from '../record/fold.ts';
import { widest } from './layout.ts';
import { createLiveReporter } from './live.ts';
import { readEvents } from '../record/read-events.ts';
import { coloursFor } from './terminal.ts';
import { windowFrame } from './window-frame.ts';

const golden = (name: string) => path.join(import.meta.dirname, '../golden', name);
const colours = coloursFor(new PassThrough(), {});

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }));
afterEach(() => void vi.useRealTimers());

/** A terminal with what a reader of these events sees. */
function terminal(columns: number, rows: number) {
  const output = Object.assign(new PassThrough(), { isTTY: true, columns, rows });
  const screen = new xterm.Terminal({
    cols: columns,
    rows,
    allowProposedApi: true,
    convertEol: true,
    scrollback: 1000,
  });
  const text = async () => {
    await new Promise<void>((resolve) => screen.write(String(output.read() ?? ''), resolve));
    const { buffer } = screen;
    const lines = Array.from({ length: buffer.active.length }, (_, y) =>
      buffer.active.getLine(y)?.translateToString(true),
    );
    return `${lines.join('\n').trimEnd()}\n`;
  };
  return { output, text };
}

test('finished cells stay above, running ones tick below', async () => {
  const { output, text } = terminal(80, 24);
  const reporter = createLiveReporter(output, { TERM: 'xterm' });
  const events = readEvents(golden('every-verdict.jsonl'));
  const middle = events.findIndex(({ at }) => at > 66);
  for (const event of events.slice(0, middle)) reporter.onEvent(event);
  vi.advanceTimersByTime(5000);
  await expect(await text()).toMatchFileSnapshot(golden('every-verdict.window.txt'));

  for (const event of events.slice(middle)) reporter.onEvent(event);
  await reporter.finish?.();
  const end = await text();
  expect(end).not.toMatch(/\d running/);
  expect(end.match(/^(PASS|FAIL|ERROR|SKIP|FLAKY) /gm)).toHaveLength(7);
  vi.advanceTimersByTime(5000);
  expect(await text()).toBe(end);
});

const stamp = { time: '2026-01-01T00:00:00.000Z', at: 1 };

test('an archive is seen being opened, until it is', () => {
  const state = new Fold();
  const frame = (): string => windowFrame(state, { columns: 60, rows: 24, now: 0, colours });
  state.add({ ...stamp, type: 'archive-opening', path: '/i/nixos\u001b[2J.ova', share: 0.437 });
  expect(frame()).toContain('opening nixos[2J.ova 43 %\n'.replace('[2J', ''));
  state.add({ ...stamp, type: 'archive-opened', path: '/i/nixos\u001b[2J.ova', cached: false, seconds: 3 });
  expect(frame()).not.toContain('opening');
});

function manyRunning(amount: number, id = (index: number) => `qemu-${index}.x86_64.bios.disk`): Fold {
  const summary = { format: '', arch: '', firmware: '', medium: '', image: '' };
  const cells = Array.from({ length: amount }, (_, index): CellSummary => ({ id: id(index), ...summary }));
  const state = new Fold();
  for (const [at, cell] of cells.entries()) {
    state.cell(cell.id);
    const started = { type: 'cell-started', attempt: 1, cpus: 1, memoryMiB: 512 } as const;
    const event: RunEvent = { ...started, argv: [], cell: cell.id, time: '', at };
    state.add(event);
  }

  return state;
}

test.each([
  [200, 80, 24],
  [200, 30, 5],
  [200, 12, 3],
  [3, 80, 24],
])('%i cells fit %i columns and %i rows', (amount, columns, rows) => {
  const lines = windowFrame(manyRunning(amount), { columns, rows, now: 1000, colours }).split('\n');
  expect(lines.length).toBeLessThan(rows);
  expect(widest(lines)).toBeLessThan(columns);
  expect(lines.length).toBe(Math.min(amount + 1, rows - 1));
});

test('the longest-running come first, the others are counted', () => {
  const lines = windowFrame(manyRunning(10), { columns: 80, rows: 6, now: 20, colours }).split('\n');
  expect(lines).toEqual([
    'qemu-0.x86_64.bios.disk   20 s  starting',
    'qemu-1.x86_64.bios.disk   19 s  starting',
    'qemu-2.x86_64.bios.disk   18 s  starting',
    '… and 7 more running',
    '0/10 done · 10 running · 0 waiting · 20 s',
  ]);
});

test('wide characters are clipped by their columns', () => {
  const state = manyRunning(1, () => '日本語のとても長い名前.x86_64.bios.disk');
  const [line = ''] = windowFrame(state, { columns: 40, rows: 24, now: 1, colours }).split('\n');
  expect(line).toBe('日本語のとても長い…    1 s  starting');
});
