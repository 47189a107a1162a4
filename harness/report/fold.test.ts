import { expect, test } from 'vitest';
import type { CellSummary, CheckResult, EventBody, RunEvent } from '../events.ts';
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

const cellFinished = (cell: string, verdict: CheckResult['verdict'], reason = ''): EventBody => ({
  type: 'cell-finished',
  cell,
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
  expect(record.counts).toEqual({ total: 4, passed: 2, failed: 1, error: 0, skipped: 1, flaky: 0 });
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

test('the last attempt counts, the earlier ones are kept', () => {
  const record = recordOf(
    runStarted(listed('a')),
    cellStarted('a', 1),
    { type: 'check-finished', cell: 'a', result: checkOf('flakes', 'failed') },
    { type: 'attachment', cell: 'a', name: 'serial.log', path: 'cells/a/serial.log' },
    cellFinished('a', 'failed', 'flakes failed.'),
    cellStarted('a', 2),
    { type: 'check-finished', cell: 'a', result: checkOf('flakes', 'passed') },
    { type: 'attachment', cell: 'a', name: 'serial.log', path: 'cells/a/serial.log' },
    cellFinished('a', 'flaky', 'flakes passed in attempt 2.'),
    runFinished(false),
  );
  expect(record.cells[0]).toMatchObject({ verdict: 'flaky', checks: [{ verdict: 'passed' }] });
  expect(record.cells[0]?.attempts.map(({ checks }) => checks[0]?.verdict)).toEqual(['failed', 'passed']);
  expect(record.cells[0]?.attachments).toHaveLength(1);
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
