import { setInterval } from 'node:timers';
import { expect, test } from 'vitest';
import { Transcript } from '../../console/serial/transcript.ts';
import { Quiet } from './quiet.ts';

test('a console that never stops talking is waited for no longer than that', async () => {
  const transcript = new Transcript();
  const quiet = new Quiet(transcript);
  const talking = setInterval(() => transcript.append(Buffer.from('tick\n')), 5);
  const { signal } = new AbortController();
  await expect(quiet.last(3600, { most: 0.1, signal })).resolves.toBeUndefined();
  clearInterval(talking);
  quiet.close();
});
