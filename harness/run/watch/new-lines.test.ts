import { expect, it } from 'vitest';
import { NewLines } from './new-lines.ts';

it('counts each line once, whatever numbers and stars are in it', () => {
  const lines = new NewLines();
  for (let second = 0; second < 90; second++) {
    const stars = '*'.repeat(1 + (second % 3)).padStart(6);
    lines.add(`[${stars}] A start job is running for /dev/vda1 (${second}s / 1min 30s)`);
  }
  expect(lines.count).toBe(1);
  lines.add('[ TIME ] Timed out waiting for device /dev/vda1.');
  expect(lines.count).toBe(2);
});
