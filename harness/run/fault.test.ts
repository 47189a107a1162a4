import { expect, test } from 'vitest';
import { GuestError, HostError } from '../errors.ts';
import { describeError, isTransient } from './fault.ts';

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
    evidence: expect.stringContaining('fault.test.ts'),
  });
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
