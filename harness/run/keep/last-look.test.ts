import { expect, test } from 'vitest';
import { lastLook } from './last-look.ts';

const never = new Promise<never>(() => {});

test('what is kept is waited for', async () => {
  let isKept = false;
  const kept = new Promise((resolve) => setImmediate(resolve)).then(() => {
    isKept = true;
  });
  await lastLook(kept, new AbortController().signal);
  expect(isKept).toBe(true);
  await lastLook(kept, AbortSignal.abort());
});

test('a QEMU that does not answer is not waited for once the run is interrupted', async () => {
  await lastLook(never, AbortSignal.abort());
  const interrupt = new AbortController();
  const looked = lastLook(never, interrupt.signal);
  interrupt.abort();
  await looked;
});
