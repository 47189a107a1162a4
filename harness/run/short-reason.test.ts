import { expect, test } from 'vitest';
import { shortReason } from './short-reason.ts';

test('a reason that a person reads stays as it is', () => {
  expect(shortReason('sshd: nothing listens on port 22')).toEqual({
    reason: 'sshd: nothing listens on port 22',
  });
});

test('a reason is one line', () => {
  expect(shortReason('got:\r\n  Port 22\nListen\n').reason).toBe('got: Port 22 Listen');
});

test('what is too long is cut, and kept whole beside it', () => {
  const text = `expected sshd -T to tell its settings, got: ${'Port 22\n'.repeat(500)}`;
  const { reason, whole } = shortReason(text);
  expect(reason).toHaveLength(300);
  expect(reason).toMatch(/^expected sshd -T to tell its settings, got: Port 22 .*…$/);
  expect(whole).toBe(text.trim());
});

test('of several problems those are kept whole that fit', () => {
  const problem = 'x'.repeat(120);
  expect(shortReason([problem, problem, problem].join('; ')).reason).toBe(`${problem}; ${problem}; …`);
});
