import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { parseOwner, stateOf, thisProcess } from './owner.ts';

test('this process is alive, as it was written down too', () => {
  const own = thisProcess();
  expect(stateOf(own)).toBe('alive');
  expect(parseOwner(JSON.stringify(own))).toEqual(own);
});

test('a process that has ended is gone, and so is one whose id another got, and all of an earlier boot', async () => {
  const own = thisProcess();
  const child = spawn('true');
  const pid = child.pid ?? 0;
  await once(child, 'exit');
  expect(stateOf({ ...own, pid })).toBe('gone');
  expect(stateOf({ ...own, started: '1' })).toBe('gone');
  expect(stateOf({ ...own, boot: 'another' })).toBe('gone');
});

test('nothing is said of what runs elsewhere', () => {
  expect(stateOf({ ...thisProcess(), namespace: 'pid:[1]', started: '1' })).toBe('elsewhere');
  expect(stateOf({ ...thisProcess(), host: 'other', boot: 'other' })).toBe('elsewhere');
});

test.each(['', '{}', 'null', '{"pid":-1,"started":"","host":"","boot":"","namespace":""}', '{"pid":1}'])(
  'no owner: %s',
  (text) => expect(parseOwner(text)).toBeUndefined(),
);
