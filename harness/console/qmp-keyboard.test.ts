import { expect, it } from 'vitest';
import { type Qmp, QmpKeyboard } from './qmp-keyboard.ts';

interface KeyEvent {
  data: { down: boolean; key: { data: string } };
}

/** A keyboard, and the record of what QEMU was told and of what it told about the controller. */
function record(statuses: string[] = []): { keyboard: QmpKeyboard; told: string[] } {
  const told: string[] = [];
  const qmp: Qmp = (execute, args = {}) => {
    if (execute === 'human-monitor-command') {
      expect(args).toEqual({ 'command-line': 'i /b 0x64' });
      const status = statuses.shift();
      if (status !== undefined) told.push(status);
      return Promise.resolve(`portb[0x0064] = ${status ?? '0x1c'}\r\n`);
    }
    expect(execute).toBe('input-send-event');
    const events = args['events'] as KeyEvent[];
    told.push(events.map(({ data }) => `${data.down ? '+' : '-'}${data.key.data}`).join(' '));
    return events.some(({ data }) => data.key.data === 'broken')
      ? Promise.reject(new Error('refused'))
      : Promise.resolve({});
  };
  return { keyboard: new QmpKeyboard(qmp), told };
}

it('presses chords one after another and lets all keys go at once, so that none repeats', async () => {
  const { keyboard, told } = record();
  await keyboard.press([['shift', 'alt_r', '7'], ['ret']]);
  expect(told).toEqual(['+shift +alt_r +7 -7 -alt_r -shift', '+ret -ret']);
});

it('waits until the guest has read a chord before the next', async () => {
  const { keyboard, told } = record(['0x1d', '0x1d', '0x1c']);
  await keyboard.press([['a'], ['b']]);
  expect(told).toEqual(['+a -a', '0x1d', '0x1d', '0x1c', '+b -b']);
});

it('does not wait where there is no such controller', async () => {
  const { keyboard, told } = record(['0xff', '0xff']);
  await keyboard.press([['a'], ['b']]);
  expect(told).toEqual(['+a -a', '0xff', '+b -b', '0xff']);
});

it('types a text on a layout', async () => {
  const { keyboard, told } = record();
  await keyboard.type('/', { layout: 'ch', variant: '' });
  expect(told).toEqual(['+shift +7 -7 -shift']);
  await expect(keyboard.type('ж', { layout: 'ch', variant: '' })).rejects.toMatchObject({
    code: 'untypable',
  });
});

it('does not mix what is asked for at the same time, and goes on after a refusal', async () => {
  const { keyboard, told } = record();
  const broken = keyboard.press([['broken']]);
  const after = keyboard.press([['a']]);
  await expect(broken).rejects.toThrow('refused');
  await after;
  expect(told).toEqual(['+broken -broken', '+a -a']);
});
