import { expect, test } from 'vitest';
import { GuestError, HostError } from '../errors.ts';
import type { CheckResult, Verdict } from '../events.ts';
import { describeError, reasonOf, worstVerdict } from './verdict.ts';

const check = (name: string, verdict: Verdict, reason = ''): CheckResult => ({
  name,
  verdict,
  reason,
  seconds: 1,
  access: [],
  evidence: [],
  file: `scenarios/${name}.ts`,
});

test.each<[Verdict[], Verdict]>([
  [['passed', 'skipped'], 'passed'],
  [['skipped', 'skipped'], 'skipped'],
  [['passed', 'flaky'], 'flaky'],
  [['passed', 'error', 'flaky'], 'error'],
  [['error', 'failed', 'passed'], 'failed'],
  [[], 'skipped'],
])('the worst of %j is %s', (verdicts, worst) => {
  expect(worstVerdict(verdicts)).toBe(worst);
});

test('a guest that fails, a host that fails and a harness that fails are three different answers', () => {
  expect(describeError(new GuestError('x', 'the guest broke', { evidence: 'seen' }))).toEqual({
    verdict: 'failed',
    reason: 'the guest broke',
    evidence: 'seen',
  });
  expect(describeError(new HostError('x', 'the host broke', { hint: 'mend it' }))).toEqual({
    verdict: 'error',
    reason: 'the host broke',
    evidence: 'mend it',
  });
  expect(describeError(new TypeError('x is undefined'))).toMatchObject({
    verdict: 'error',
    reason: 'the harness failed: x is undefined',
    evidence: expect.stringContaining('verdict.test.ts'),
  });
});

test('the reason is that of the first failed check, then of one that erred, then why all were skipped', () => {
  expect(reasonOf([check('a', 'error', 'host'), check('b', 'failed', 'guest')])).toBe('b: guest');
  expect(reasonOf([check('a', 'passed'), check('b', 'error', 'host')])).toBe('b: host');
  expect(reasonOf([check('a', 'skipped', 'no promise'), check('b', 'skipped', 'neither')])).toBe(
    'a: no promise',
  );
  expect(reasonOf([check('a', 'passed'), check('b', 'skipped', 'no promise')])).toBe('');
});
