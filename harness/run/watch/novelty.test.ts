import { expect, it } from 'vitest';
import { Novelty } from './novelty.ts';

it('counts each line once, whatever numbers and stars are in it', () => {
  const novelty = new Novelty();
  for (let second = 0; second < 90; second++) {
    const stars = '*'.repeat(1 + (second % 3)).padStart(6);
    novelty.add(`[${stars}] A start job is running for /dev/vda1 (${second}s / 1min 30s)`);
  }
  expect(novelty.count).toBe(1);
  novelty.add('[ TIME ] Timed out waiting for device /dev/vda1.');
  expect(novelty.count).toBe(2);
});
