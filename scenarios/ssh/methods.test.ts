import { expect, test } from 'vitest';
import { compareMethods } from './methods.ts';

const values = (text: string): Map<string, string> =>
  new Map(text.split('\n').map((line) => line.split(' ') as [string, string]));

test.each([
  ['passwordauthentication yes\npubkeyauthentication yes', ['publickey', 'password'], null],
  ['passwordauthentication no\npubkeyauthentication yes', ['publickey'], null],
  ['pubkeyauthentication no', ['publickey'], 'pubkeyauthentication no'],
  ['kbdinteractiveauthentication yes', ['publickey'], 'kbdinteractiveauthentication yes'],
  // Only the first step is offered.
  ['authenticationmethods publickey,password\npasswordauthentication yes', ['publickey'], null],
  ['authenticationmethods any\npasswordauthentication yes', [], 'from outside the server offers none'],
])('%j, offered %j', (settings, offered, problem) => {
  const told = compareMethods(values(settings), offered);
  if (problem === null) expect(told).toBeNull();
  else expect(told).toContain(problem);
});
