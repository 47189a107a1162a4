import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scratchDirectory } from '../../../test/scratch.ts';
import { Transcript } from '../../console/serial/transcript.ts';
import { GuestError } from '../../errors.ts';
import { watchForFlood } from './flood.ts';

/** A log on which this runs, and what it ends by. */
async function watchLog() {
  const log = join(await scratchDirectory(), 'serial.log');
  await writeFile(log, 'y\n');
  const transcript = new Transcript();
  transcript.append(Buffer.from('y\ny\n'));
  const failed = Promise.withResolvers<Error>();
  const end = watchForFlood(log, transcript, { fail: failed.resolve });
  return { log, failed: failed.promise, end };
}

test('a console of more than 64 MiB is a flood, and the guest is to blame', async () => {
  const { log, failed } = await watchLog();
  await truncate(log, 64 * 2 ** 20 + 1);
  const error = await failed;
  expect(error).toBeInstanceOf(GuestError);
  expect(error).toMatchObject({ code: 'console-flood', evidence: 'y\ny' });
  expect(error.message).toContain('64 MiB');
});

test('a long log is none, nor is one that is not there yet', async () => {
  const { log, failed, end } = await watchLog();
  await truncate(log, 64 * 2 ** 20);
  const missing = watchForFlood(`${log}.none`, new Transcript(), {
    fail: () => expect.unreachable('there is no log'),
  });
  const looks = new Promise((resolve) => setTimeout(resolve, 1200, 'quiet'));
  expect(await Promise.race([failed, looks])).toBe('quiet');
  end();
  missing();
});
