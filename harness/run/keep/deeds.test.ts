import { expect, test } from 'vitest';
import type { VirtualKeyboard } from '../../console/keys/keyboard.ts';
import { commandResult } from '../../console/shells/shell.ts';
import { GuestError } from '../../errors.ts';
import type { EventBody } from '../../events.ts';
import type { QmpEvent } from '../../machine/machine.ts';
import { tellCommands, tellKeys, tellQmpEvents } from './deeds.ts';

function teller() {
  const told: EventBody[] = [];
  return { told, cell: { id: 'a' }, emit: (event: EventBody) => void told.push(event) };
}

test('a command is told with what came of it, cut where it is long', async () => {
  const to = teller();
  const output = `begin ${'x'.repeat(5000)} end`;
  const shell = tellCommands(
    { access: 'serial', user: 'root', run: async () => commandResult(3, Buffer.from(output)) },
    to,
  );
  // Whoever asked gets all of it.
  expect((await shell.run('  sshd -T\n')).output).toBe(output);
  expect(to.told).toMatchObject([
    { type: 'command', cell: 'a', command: 'sshd -T', access: 'serial', user: 'root', status: 3 },
  ]);
  const [told] = to.told;
  expect(told?.type === 'command' && told.output).toMatch(/^begin x+\n… 3010 characters left out …\nx+ end$/);
});

test('one without an answer too, and its error stays what it was', async () => {
  const to = teller();
  const error = new GuestError('command-timeout', 'no answer');
  const shell = tellCommands({ access: 'ssh', user: 'root', run: () => Promise.reject(error) }, to);
  await expect(shell.run('sleep 99')).rejects.toBe(error);
  expect(to.told).toMatchObject([{ type: 'command', command: 'sleep 99', status: null, output: '' }]);
});

test('keys are told once QEMU has them, as text or by their names', async () => {
  const to = teller();
  const taken = Promise.withResolvers<void>();
  const keyboard: VirtualKeyboard = { press: () => taken.promise, type: async () => {} };
  const told = tellKeys(keyboard, to);
  const pressed = told.press([['shift', '7'], ['ret']]);
  expect(to.told).toEqual([]);
  taken.resolve();
  await pressed;
  await told.type('id -un', { layout: 'ch', variant: '' });
  expect(to.told).toMatchObject([
    { type: 'keys', cell: 'a', keys: 'shift-7 ret' },
    { type: 'keys', cell: 'a', keys: 'id -un' },
  ]);
});

test('of QEMU’s events those that matter are told, and a machine that resets for ever is told of so often', () => {
  const to = teller();
  let happen: (event: QmpEvent) => void = () => {};
  tellQmpEvents(
    {
      onQmpEvent: (listener) => {
        happen = listener;
        return () => {};
      },
    },
    to,
  );
  happen({ event: 'RTC_CHANGE', data: {} });
  happen({ event: 'SHUTDOWN', data: { guest: true, reason: 'guest-shutdown' } });
  expect(to.told).toEqual([
    { type: 'qmp', cell: 'a', event: 'SHUTDOWN', data: '{"guest":true,"reason":"guest-shutdown"}' },
  ]);
  for (let reset = 0; reset < 500; reset += 1) happen({ event: 'RESET', data: {} });
  expect(to.told).toHaveLength(100);
});
