import { expect, test } from 'vitest';
import type { CellSummary, CheckResult, EventBody, RunEvent } from '../../events.ts';
import { fold } from './fold.ts';

const listed = (id: string, skip?: string): CellSummary => ({
  id,
  format: 'qemu',
  arch: 'x86_64',
  firmware: 'bios',
  medium: 'disk',
  image: '/images/a.qcow2',
  ...(skip === undefined ? {} : { skip }),
});

const runStarted = (...cells: CellSummary[]): EventBody => ({
  type: 'run-started',
  version: '1.0.0',
  command: [],
  host: { platform: 'linux', arch: 'x64', cpus: 2, memoryMiB: 1024, node: '24.0.0' },
  contract: 'test',
  accelerator: {},
  qemu: {},
  cells,
});

const cellStarted = (cell: string, attempt = 1): EventBody => ({
  type: 'cell-started',
  cell,
  attempt,
  cpus: 1,
  memoryMiB: 512,
  argv: [],
});

const checkOf = (name: string, verdict: CheckResult['verdict']): CheckResult => ({
  name,
  verdict,
  reason: '',
  seconds: 1,
  access: [],
  evidence: [],
  file: '',
});

const cellFinished = (
  cell: string,
  verdict: CheckResult['verdict'],
  reason = '',
  attempts = 1,
): EventBody => ({
  type: 'cell-finished',
  cell,
  attempts,
  verdict,
  phase: 'shell',
  reason,
  seconds: 9,
  cpuSeconds: 8,
  access: 'serial',
});

const runFinished = (interrupted: boolean): EventBody => ({
  type: 'run-finished',
  exitCode: 0,
  interrupted,
  seconds: 10,
  cpuSeconds: 1,
});

/** One event a second. */
const recordOf = (...bodies: EventBody[]) =>
  fold(bodies.map((body, at): RunEvent => Object.assign({ time: '2026-01-01T00:00:00.000Z', at }, body)));

test('cells are in byte order and counted', () => {
  const record = recordOf(
    runStarted(listed('b'), listed('a'), listed('B'), listed('c', 'No firmware for it.')),
    ...['b', 'a', 'B'].flatMap((id) => [cellStarted(id), cellFinished(id, id === 'B' ? 'failed' : 'passed')]),
    runFinished(false),
  );
  expect(record.cells.map(({ summary }) => summary.id)).toEqual(['B', 'a', 'b', 'c']);
  expect(record.cells[3]).toMatchObject({ verdict: 'skipped', reason: 'No firmware for it.', attempts: [] });
  expect(record.counts).toEqual({ total: 4, passed: 2, failed: 1, error: 0, skipped: 1, flaky: 0, known: 0 });
  expect(record).toMatchObject({ interrupted: false, seconds: 10 });
});

test('a cell that was cut off while booting is an error with the phase it had reached', () => {
  const record = recordOf(runStarted(listed('a')), cellStarted('a'), {
    type: 'phase',
    cell: 'a',
    phase: 'kernel',
    seconds: 0.5,
    evidence: 'Linux version 6.12',
  });
  expect(record.interrupted).toBe(true);
  expect(record.cells[0]).toMatchObject({
    verdict: 'error',
    phase: 'kernel',
    code: 'interrupted',
    reason: 'Interrupted while booting; the last phase seen was kernel.',
    seconds: 1,
    access: null,
    evidence: 'Linux version 6.12',
  });
});

test('so is the check that was cut off; what had finished stays', () => {
  const record = recordOf(
    runStarted(listed('a')),
    cellStarted('a'),
    { type: 'access', cell: 'a', access: 'serial', seconds: 1, user: 'root' },
    { type: 'check-started', cell: 'a', check: 'autologin' },
    { type: 'check-finished', cell: 'a', result: checkOf('autologin', 'passed') },
    { type: 'check-started', cell: 'a', check: 'sshd' },
    runFinished(true),
  );
  expect(record.cells[0]).toMatchObject({
    verdict: 'error',
    reason: 'Interrupted while the check sshd ran.',
    access: 'serial',
    checks: [
      { name: 'autologin', verdict: 'passed' },
      { name: 'sshd', verdict: 'error', seconds: 1 },
    ],
  });
});

test('what never started is skipped, and says why', () => {
  const reasonAfter = (...end: EventBody[]) => recordOf(runStarted(listed('a')), ...end).cells[0];
  expect(reasonAfter()).toMatchObject({
    verdict: 'skipped',
    reason: 'Never started: the run was interrupted.',
  });
  expect(reasonAfter(runFinished(false))).toMatchObject({ reason: 'Never started: the run ended before.' });
});

const attemptFinished = (cell: string, attempt: number, reason: string): EventBody => ({
  type: 'attempt-finished',
  cell,
  attempt,
  directory: `attempt-${attempt}`,
  verdict: 'error',
  code: 'qemu-killed',
  phase: 'kernel',
  reason,
  seconds: 3,
  cpuSeconds: 2,
  access: null,
});

const serialLog = (cell: string): EventBody => ({
  type: 'attachment',
  cell,
  name: 'serial log',
  path: `cells/${cell}/serial.log`,
});

test('the last attempt counts, the earlier ones are kept, with their files', () => {
  const record = recordOf(
    runStarted(listed('a')),
    cellStarted('a', 1),
    { type: 'check-finished', cell: 'a', result: checkOf('flakes', 'error') },
    serialLog('a'),
    attemptFinished('a', 1, 'QEMU was killed.'),
    cellStarted('a', 2),
    { type: 'check-finished', cell: 'a', result: checkOf('flakes', 'passed') },
    serialLog('a'),
    { type: 'attachment', cell: 'a', name: 'screenshot', path: 'cells/a/screen.png', shows: 'blank' },
    cellFinished('a', 'flaky', 'passed in attempt 2 only', 2),
    runFinished(false),
  );
  expect(record.cells[0]).toMatchObject({ verdict: 'flaky', checks: [{ verdict: 'passed' }] });
  expect(record.cells[0]?.attempts.map(({ checks }) => checks[0]?.verdict)).toEqual(['error', 'passed']);
  expect(record.cells[0]?.attachments).toEqual([
    { name: 'serial log of attempt 1', path: 'cells/a/attempt-1/serial.log', attempt: 1, at: 3 },
    { name: 'serial log', path: 'cells/a/serial.log', at: 7 },
    { name: 'screenshot', path: 'cells/a/screen.png', shows: 'blank', at: 8 },
  ]);
});

test('attempts that never had a machine are kept too', () => {
  const [cell] = recordOf(
    runStarted(listed('a')),
    attemptFinished('a', 1, 'The disk is full.'),
    attemptFinished('a', 2, 'The disk is still full.'),
    cellFinished('a', 'error', 'The disk stays full.', 3),
    runFinished(false),
  ).cells;
  expect(cell).toMatchObject({ verdict: 'error', reason: 'The disk stays full.' });
  expect(cell?.attempts.map(({ number, finished }) => [number, finished?.reason])).toEqual([
    [1, 'The disk is full.'],
    [2, 'The disk is still full.'],
    [3, undefined],
  ]);
});

test('a run that ends while a cell waits for its next attempt tells what the last one came to', () => {
  const waiting = recordOf(
    runStarted(listed('a')),
    cellStarted('a'),
    attemptFinished('a', 1, 'QEMU was killed.'),
  );
  expect(waiting.cells[0]).toMatchObject({
    verdict: 'error',
    code: 'qemu-killed',
    reason: 'QEMU was killed.',
    seconds: 3,
  });
});

test('digests before and after belong to one file', () => {
  const files = (sha256: string) => [{ path: '/images/a.qcow2', sha256 }];
  const record = recordOf(
    { type: 'digests', when: 'before', files: files('1') },
    { type: 'digests', when: 'after', files: files('2') },
  );
  expect(record.digests).toEqual([{ path: '/images/a.qcow2', before: '1', after: '2' }]);
});

test('a stream without a beginning still tells its cells', () => {
  const record = recordOf(cellStarted('lost'), cellFinished('lost', 'passed'));
  expect(record.cells).toMatchObject([{ summary: { id: 'lost' }, verdict: 'passed' }]);
});

test('what happened to all machines of an attempt stays, in order', () => {
  const [cell] = recordOf(
    runStarted(listed('a')),
    cellStarted('a'),
    { type: 'phase', cell: 'a', phase: 'kernel', seconds: 0.5, evidence: 'Linux' },
    { type: 'rung-shut', cell: 'a', rung: 'shipped', reason: 'Nobody answered.' },
    cellStarted('a'),
    { type: 'keys', cell: 'a', keys: 'e', seconds: 0.1 },
    { type: 'qmp', cell: 'a', event: 'RESET', data: '{}' },
    cellFinished('a', 'failed'),
  ).cells;
  expect(cell?.attempts).toHaveLength(1);
  expect(cell?.attempts[0]?.machines).toHaveLength(2);
  expect(cell?.attempts[0]?.events.map(({ type }) => type)).toEqual(['phase', 'rung-shut', 'keys', 'qmp']);
  expect(cell).toMatchObject({ cpuSeconds: 8, endedAt: 7 });
});
