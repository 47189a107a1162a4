import { expect, it } from 'vitest';
import { Claims } from './claims.ts';

it('tells who else has it', () => {
  const claims = new Claims();
  expect(claims.claim('key 1', 'a')).toBeNull();
  expect(claims.claim('key 2', 'b')).toBeNull();
  expect(claims.claim('key 1', 'a')).toBeNull();
  expect(claims.claim('key 1', 'b')).toBe('a');
});
