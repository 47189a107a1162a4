import { expect, test } from 'vitest';
import { rename } from './iso.ts';

test('a file is renamed in all three directory trees of an ISO', () => {
  expect(rename('a-b.c', 'a-b.d').map(([from]) => Buffer.from(from).toString('latin1'))).toEqual([
    'NM\n\x01\0a-b.c',
    'A_B.C;1',
    '\0a\0-\0b\0.\0c',
  ]);
});
