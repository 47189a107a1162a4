import { expect, it } from 'vitest';
import { FailureWatcher } from '../../console/signs/failures.ts';
import { NoWayIn } from '../access/no-way-in.ts';
import { explainEnd } from './conclude.ts';
import type { Session } from './session.ts';

it('tells of a guest that lets nobody in what was seen before', async () => {
  const failures = new FailureWatcher();
  const session = { boot: { failures, watch: { starvation: null } } } as unknown as Session;
  const reason = async (): Promise<string> => {
    const end = await explainEnd(session, new NoWayIn('idle', ['nobody answered'], ''));
    return (end as Error).message;
  };
  expect(await reason()).toBe('no way in: the guest is idle, but nobody answered');
  failures.readLine(' -- root: no shell: No such file or directory');
  expect(await reason()).toMatch(/nobody answered; seen before: no shell: No such file or directory$/);
});

it.each([
  ['This account is currently not available.', 'This account is currently not available'],
  [
    " -- root: couldn't exec shell script: Permission denied",
    "couldn't exec shell script: Permission denied",
  ],
  ['bash: no such shell', undefined],
])('what a login says that starts no shell: %s', (line, clause) => {
  const failures = new FailureWatcher();
  failures.readLine(line);
  expect(failures.suspicions()[0]).toBe(clause);
});
