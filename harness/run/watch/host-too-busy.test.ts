import { expect, test } from 'vitest';
import { GuestError } from '../../errors.ts';
import { orHostTooBusy } from './host-too-busy.ts';

const late = new GuestError('command-timeout', '`nix eval` did not end within 180 s.', { ranOut: true });
const wrong = new GuestError('file-vanished', 'the file is gone');

test.each([
  ['a wait that ran out on a host that was busy', late, 120, 'host-too-busy'],
  ['a wait that ran out on one that was not', late, 80, 'command-timeout'],
  ['what no time would have mended', wrong, 180, 'file-vanished'],
])('%s', (_, error, starved, code) => {
  expect(orHostTooBusy(error, { seconds: 200, starved })).toMatchObject({ code });
});

test('it says both', () => {
  expect(orHostTooBusy(late, { seconds: 200, starved: 120 })).toMatchObject({
    transient: true,
    message:
      '`nix eval` did not end within 180 s; but for 120 of 200 s it waited for a processor of the host, and its clock went on',
  });
});
