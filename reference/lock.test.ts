import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lockFile } from './lock.ts';

test('the second holder waits for the first, says so, and gives up when told', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'boot-matrix-test-'));
  const path = join(directory, 'lock');
  try {
    const first = await lockFile(path, () => expect.unreachable());
    const { promise: waiting, resolve: onWait } = Promise.withResolvers<void>();
    let held = false;
    const second = lockFile(path, onWait).then((lock) => {
      held = true;
      return lock;
    });
    await waiting;
    expect(held).toBe(false);
    const controller = new AbortController();
    const third = lockFile(path, () => controller.abort(), controller.signal);
    await expect(third).rejects.toMatchObject({ name: 'AbortError' });
    await first[Symbol.asyncDispose]();
    await (await second)[Symbol.asyncDispose]();
    expect(held).toBe(true);
  } finally {
    await rm(directory, { recursive: true });
  }
});
