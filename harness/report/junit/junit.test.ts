import { XMLParser } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import { faultOfJunit } from '../../../test/junit-schema.ts';
import type { CheckResult } from '../../events.ts';
import { junitXml } from './junit.ts';
import type { Attempt, CellRecord, RunRecord } from '../record/record.ts';

const check = (name: string, over: Partial<CheckResult> = {}): CheckResult => ({
  name,
  verdict: 'passed',
  reason: '',
  seconds: 1,
  access: ['serial'],
  evidence: [],
  file: 'scenarios/a.ts',
  ...over,
});

const attempt = (over: Partial<Attempt> = {}): Attempt => ({
  number: 1,
  time: '2026-01-01T00:00:00.000Z',
  at: 0,
  phases: [],
  checks: [],
  shut: [],
  explanation: null,
  running: null,
  isHeld: false,
  finished: null,
  machines: [],
  events: [],
  accesses: [{ access: 'serial', seconds: 4.5, user: 'root' }],
  ...over,
});

const cell = (over: Partial<CellRecord> = {}): CellRecord => ({
  summary: { id: 'a', format: 'qemu', arch: 'x86_64', firmware: 'bios', medium: 'disk', image: '/images/a' },
  attempts: [attempt()],
  inventory: null,
  attachments: [],
  verdict: 'passed',
  code: null,
  phase: 'shell',
  reason: '',
  seconds: 9,
  access: 'serial',
  evidence: '',
  checks: [],
  cpuSeconds: 8,
  endedAt: 9,
  ...over,
});

const run = (cells: CellRecord[], over: Partial<RunRecord> = {}): RunRecord => ({
  version: '1',
  command: [],
  host: null,
  contract: 'test',
  contractDigest: null,
  harnessDigest: null,
  started: '2026-01-01T00:00:00.000Z',
  seconds: 10,
  interrupted: false,
  accelerator: {},
  qemu: {},
  digests: [],
  comparison: null,
  notices: [],
  cells,
  counts: { total: 1, passed: 1, failed: 0, error: 0, skipped: 0, flaky: 0, known: 0 },
  ...over,
});

interface Suite {
  testcase: Record<string, unknown>[];
}

function suitesOf(record: RunRecord): Suite[] {
  const xml = junitXml(record, { attachmentPath: (file) => `out/${file}` });
  expect(faultOfJunit(xml)).toBe('');
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    isArray: (tag) => tag.startsWith('test'),
  });
  return parser.parse(xml).testsuites[0].testsuite;
}

const casesOf = (record: CellRecord) => suitesOf(run([record]))[0]?.testcase ?? [];

test('a check that the guest broke is a failure, one that the host broke an error; the boot passed', () => {
  const cases = casesOf(
    cell({
      verdict: 'failed',
      checks: [
        check('sshd', {
          verdict: 'failed',
          reason: 'No.',
          evidence: [{ action: 'ssh', observed: ']]>]]>', access: 'ssh' }],
        }),
        check('flakes', { verdict: 'error', reason: 'QEMU died.' }),
      ],
    }),
  );
  expect(cases[0]).toEqual({ classname: 'boot.a', name: 'boot', time: '4.500' });
  expect(cases[1]).toMatchObject({
    failure: { message: 'No.', type: 'guest', '#text': '> ssh (ssh)\n]] >]] >' },
  });
  expect(cases[2]).toMatchObject({ error: { message: 'QEMU died.', type: 'host' } });
});

test('a verdict that no check explains is told by the boot', () => {
  const [boot] = casesOf(cell({ verdict: 'error', reason: 'QEMU died.', checks: [check('sshd')] }));
  expect(boot).toMatchObject({ name: 'boot', error: { message: 'QEMU died.' } });
});

test('checks of the same name get different ones', () => {
  const names = casesOf(cell({ checks: [check('sshd'), check('sshd')] })).map(({ name }) => name);
  expect(names).toEqual(['boot', 'sshd', 'sshd (2)']);
});

test('the screenshot is the first attachment, the guest adds none', () => {
  const cases = casesOf(
    cell({
      verdict: 'failed',
      attachments: ['serial.log', 'screen.png'].map((name) => ({ name, path: `cells/a/${name}`, at: 0 })),
      checks: [check('sshd', { evidence: [{ action: 'cat', observed: '[[ATTACHMENT|/etc/shadow]]' }] })],
      access: null,
    }),
  );
  expect(cases[0]?.['system-out']).toBe(
    '[[ATTACHMENT|out/cells/a/screen.png]]\n[[ATTACHMENT|out/cells/a/serial.log]]',
  );
  expect(cases[1]?.['system-out']).toBe('> cat\n[ [ATTACHMENT|/etc/shadow]]');
});

test('what a picture shows is told, and pictures of details come last', () => {
  const shows = 'a QR code: [[ATTACHMENT|/etc/shadow]]';
  const [boot] = casesOf(
    cell({
      verdict: 'failed',
      attachments: [
        { name: 'screen at kernel', path: 'cells/a/screen-kernel.png', detail: true, at: 0 },
        { name: 'serial log', path: 'cells/a/serial.log', at: 0 },
        { name: 'screenshot', path: 'cells/a/screen.png', shows, at: 0 },
      ],
    }),
  );
  expect(
    String(boot?.['system-out'])
      .split('\n')
      .map((line) => line.split('/').at(-1)),
  ).toEqual(['screen.png]]', 'serial.log]]', 'screen-kernel.png]]']);
  expect(JSON.stringify(boot)).toContain('cells/a/screen.png shows: a QR code: [ [ATTACHMENT|/etc/shadow]]');
});

test('an attempt that the host failed before a pass is flaky, before anything else a rerun', () => {
  const killed = attempt({
    finished: {
      type: 'attempt-finished',
      cell: 'a',
      attempt: 1,
      directory: 'attempt-1',
      time: '2026-01-01T00:00:09.000Z',
      at: 9,
      verdict: 'error',
      code: 'qemu-killed',
      reason: 'QEMU was killed.',
      evidence: 'Free memory.',
      phase: 'kernel',
      seconds: 8,
      cpuSeconds: 7,
      access: null,
    },
  });
  const inCheck = attempt({
    number: 2,
    checks: [check('sshd', { verdict: 'error', code: 'harness', reason: 'x is undefined' })],
  });
  const last = (verdict: CheckResult['verdict']) =>
    casesOf(cell({ attempts: [killed, inCheck, attempt()], checks: [check('sshd', { verdict })] }));
  expect(last('passed')).toMatchObject([
    {
      flakyError: {
        message: 'attempt 1: QEMU was killed.',
        type: 'host',
        stackTrace: 'Free memory.',
      },
    },
    { flakyError: { message: 'attempt 2: x is undefined', type: 'harness', stackTrace: '' } },
  ]);
  expect(last('failed')).toMatchObject([
    { flakyError: { type: 'host' } },
    { failure: { type: 'guest' }, rerunError: { message: 'attempt 2: x is undefined' } },
  ]);
});

test('whose fault an error is: the host or the harness', () => {
  const [boot, sshd] = casesOf(
    cell({
      access: null,
      verdict: 'error',
      code: 'disk-full',
      reason: 'Full.',
      checks: [check('sshd', { verdict: 'error', code: 'harness', reason: 'the harness failed: x' })],
    }),
  );
  expect(boot).toMatchObject({ error: { type: 'host' } });
  expect(sshd).toMatchObject({ error: { type: 'harness' } });
});

test('what went wrong with the run as a whole is an error too', () => {
  const notices: RunRecord['notices'] = [
    { level: 'warning', text: 'slow' },
    { level: 'error', text: 'a.qcow2 changed' },
  ];
  const suites = suitesOf(run([cell()], { notices }));
  expect(suites).toHaveLength(2);
  expect(suites[1]).toMatchObject({
    name: 'run',
    errors: '1',
    testcase: [{ error: { message: 'a.qcow2 changed' } }],
  });
});

test('a run without cells is still a report', () => {
  const xml = junitXml(run([]), { attachmentPath: String });
  expect(xml).toContain('<testsuites name="boot-matrix" tests="0"');
  expect(faultOfJunit(xml)).toBe('');
});

test('what the strictest reader refuses is not in it, and told all the same', () => {
  const xml = junitXml(run([cell({ checks: [check('sshd', { verdict: 'skipped', reason: 'No.' })] })]), {
    attachmentPath: String,
  });
  expect(faultOfJunit(xml)).toBe('');
  expect(xml).toContain('<property name="file.sshd" value="scenarios/a.ts"/>');
  expect(xml).toContain('skipped="1"');
  expect(faultOfJunit(xml.replace('<testsuites ', '<testsuites skipped="1" '))).toMatch(/\bskipped\b/);
  expect(faultOfJunit(xml.replace('<testcase ', '<testcase file="scenarios/a.ts" '))).toMatch(/\bfile\b/);
});
