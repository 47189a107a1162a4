import { expect, test } from 'vitest';
import { GuestError, HostError } from '../errors.ts';
import type { CheckResult, Verdict } from '../events.ts';
import type { RunCheck } from './checks.ts';
import { conclude, describeError, isTransient, worstVerdict } from './verdict.ts';

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
  [['passed', 'error', 'flaky'], 'error'],
  [['error', 'failed', 'passed'], 'failed'],
  [[], 'skipped'],
])('the worst of %j is %s', (verdicts, worst) => {
  expect(worstVerdict(verdicts)).toBe(worst);
});

test('a guest that fails, a host that fails and a harness that fails are three different answers', () => {
  expect(describeError(new GuestError('x', 'the guest broke', { evidence: 'seen' }))).toEqual({
    verdict: 'failed',
    code: 'x',
    reason: 'the guest broke',
    evidence: 'seen',
  });
  expect(describeError(new HostError('x', 'the host broke', { hint: 'mend it' }))).toEqual({
    verdict: 'error',
    code: 'x',
    reason: 'the host broke',
    evidence: 'mend it',
  });
  expect(describeError(new TypeError('x is undefined'))).toMatchObject({
    verdict: 'error',
    code: 'harness',
    reason: 'the harness failed: x is undefined',
    evidence: expect.stringContaining('verdict.test.ts'),
  });
});

test('the reason is that of the first failed check, then of one that erred, then why all were skipped', () => {
  expect(conclude([run('a', 'error', 'host'), run('b', 'failed', 'guest')])).toEqual({
    verdict: 'failed',
    reason: 'b: guest',
    transient: false,
  });
  expect(conclude([run('a', 'passed'), run('b', 'error', 'host')])).toMatchObject({ reason: 'b: host' });
  expect(conclude([run('a', 'skipped', 'no promise'), run('b', 'skipped', 'neither')])).toMatchObject({
    verdict: 'skipped',
    reason: 'a: no promise',
  });
  expect(conclude([run('a', 'passed'), run('b', 'skipped', 'no promise')])).toMatchObject({ reason: '' });
});

test('only what the host failed and may mend by itself is worth another attempt', () => {
  const errno = (code: string): Error => Object.assign(new Error(`${code}: write`), { code });
  expect(isTransient(new HostError('x', 'killed', { transient: true }))).toBe(true);
  expect(isTransient(new HostError('x', 'missing'))).toBe(false);
  expect(isTransient(new GuestError('x', 'panicked'))).toBe(false);
  expect(isTransient(new TypeError('x is undefined'))).toBe(false);
  expect(isTransient(errno('ENOENT'))).toBe(false);
  expect(isTransient(errno('ENOSPC'))).toBe(true);
  expect(describeError(new Error('wrapped', { cause: errno('EMFILE') }))).toMatchObject({
    verdict: 'error',
    code: 'out-of-descriptors',
    evidence: expect.stringContaining('ulimit -n'),
  });
});

test('checks that erred are worth another attempt unless one of them would err again', () => {
  expect(conclude([run('a', 'error', '', true), run('b', 'passed')]).transient).toBe(true);
  expect(conclude([run('a', 'error', '', true), run('b', 'error')]).transient).toBe(false);
  expect(conclude([run('a', 'error', '', true), run('b', 'failed')]).transient).toBe(false);
});
