import { expect, test } from 'vitest';
import { type Outcome, judge } from './judge.ts';

const stuck: Outcome = {
  exitCode: 1,
  stderr: '',
  cell: { verdict: 'failed', phase: 'bootloader', reason: 'GRUB stopped at its command line', checks: [] },
};
const check = (name: string, verdict: string, reason = '') => ({ name, verdict, reason });
const examined = (...checks: ReturnType<typeof check>[]): Outcome => ({
  exitCode: 1,
  stderr: '',
  cell: { verdict: 'failed', phase: 'shell', reason: '', checks },
});
const passed: Outcome = {
  exitCode: 0,
  stderr: '',
  cell: { verdict: 'passed', phase: 'shell', reason: '', checks: [check('sshd', 'passed')] },
};

test('an early end is caught in its phase, for its reason, and nowhere else', () => {
  const at = (phase: 'bootloader' | 'kernel', reason: RegExp) =>
    judge({ expect: { phase, reason } }, stuck).result;
  expect(at('bootloader', /command line/)).toBe('caught');
  expect(at('kernel', /command line/)).toBe('misplaced');
  expect(at('bootloader', /panic/)).toBe('misplaced');
});

test('the host is not a guest that was caught', () => {
  const cell = { ...stuck.cell, verdict: 'error' } as NonNullable<Outcome['cell']>;
  expect(judge({ expect: { phase: 'bootloader', reason: /GRUB/ } }, { ...stuck, exitCode: 3, cell })).toEqual(
    {
      result: 'misplaced',
      got: 'exit code 3: error in bootloader: GRUB stopped at its command line',
    },
  );
});

test('a check that fails for its reason is caught where all others pass', () => {
  const expected = { expect: { checks: { sshd: /port 22/ } } };
  const silent = check('sshd', 'failed', 'nothing listens on port 22');
  expect(judge(expected, examined(silent, check('flakes', 'passed'))).result).toBe('caught');
  expect(judge(expected, examined(silent, check('flakes', 'failed', 'no nix')))).toEqual({
    result: 'misplaced',
    got: 'exit code 1: failed in shell: sshd failed: nothing listens on port 22; flakes failed: no nix',
  });
  expect(judge(expected, examined(check('sshd', 'failed', 'no key'))).result).toBe('misplaced');
  const { checks } = expected.expect;
  expect(judge({ expect: { checks, others: 'any' } }, examined(silent, check('x', 'error'))).result).toBe(
    'caught',
  );
});

test('a guest that passed was missed, whatever was expected', () => {
  expect(judge({ expect: { phase: 'kernel', reason: /./ } }, passed).result).toBe('missed');
  expect(judge({ expect: { checks: {} } }, passed).result).toBe('missed');
  expect(judge({ expect: { refused: /./ } }, passed).result).toBe('missed');
});

test('a refusal is exit code 2 with its sentence', () => {
  const outcome: Outcome = { exitCode: 2, stderr: 'a.qcow2: got a disk that starts blank' };
  expect(judge({ expect: { refused: /blank/ } }, outcome).result).toBe('caught');
  expect(judge({ expect: { refused: /truncated/ } }, outcome)).toEqual({
    result: 'misplaced',
    got: 'exit code 2: a.qcow2: got a disk that starts blank',
  });
});

test('what an archive turns out to be is told by its cell, with exit code 2', () => {
  const cell = { verdict: 'error', phase: null, reason: 'a.ova: other bytes', checks: [] };
  const opened = (reason: RegExp, exitCode: number) =>
    judge({ expect: { opened: reason } }, { exitCode, stderr: '', cell }).result;
  expect(opened(/other bytes/, 2)).toBe('caught');
  expect(opened(/cut off/, 2)).toBe('misplaced');
  expect(opened(/other bytes/, 3)).toBe('misplaced');
});
