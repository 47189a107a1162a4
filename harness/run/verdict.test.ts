import { expect, test } from 'vitest';
import type { CheckResult, Verdict } from '../events.ts';
import type { RunCheck } from './examine/run-check.ts';
import { sumUp, worstVerdict } from './verdict.ts';

const check = (name: string, verdict: Verdict, reason = ''): CheckResult => ({
  name,
  verdict,
  reason,
  seconds: 1,
  access: [],
  evidence: [],
  file: `scenarios/${name}.ts`,
});

const run = (name: string, verdict: Verdict, reason = '', transient = false): RunCheck => ({
  result: check(name, verdict, reason),
  transient,
});

test.each<[Verdict[], Verdict]>([
  [['passed', 'skipped'], 'passed'],
  [['skipped', 'skipped'], 'skipped'],
  [['passed', 'flaky'], 'flaky'],
  [['passed', 'known', 'skipped'], 'known'],
  [['known', 'flaky'], 'flaky'],
  [['known', 'failed'], 'failed'],
  [['passed', 'error', 'flaky'], 'error'],
  [['error', 'failed', 'passed'], 'failed'],
  [[], 'skipped'],
])('the worst of %j is %s', (verdicts, worst) => {
  expect(worstVerdict(verdicts)).toBe(worst);
});

test('the reason is that of the first failed check, then of one that erred, then why all were skipped', () => {
  expect(sumUp([run('a', 'error', 'host'), run('b', 'failed', 'guest')])).toEqual({
    verdict: 'failed',
    reason: 'b: guest',
    transient: false,
  });
  expect(sumUp([run('a', 'passed'), run('b', 'error', 'host')])).toMatchObject({ reason: 'b: host' });
  expect(sumUp([run('a', 'skipped', 'no promise'), run('b', 'skipped', 'neither')])).toMatchObject({
    verdict: 'skipped',
    reason: 'a: no promise',
  });
  expect(sumUp([run('a', 'passed'), run('b', 'skipped', 'no promise')])).toMatchObject({ reason: '' });
});

test('checks that erred are worth another attempt unless one of them would err again', () => {
  expect(sumUp([run('a', 'error', '', true), run('b', 'passed')]).transient).toBe(true);
  expect(sumUp([run('a', 'error', '', true), run('b', 'error')]).transient).toBe(false);
  expect(sumUp([run('a', 'error', '', true), run('b', 'failed')]).transient).toBe(false);
});
