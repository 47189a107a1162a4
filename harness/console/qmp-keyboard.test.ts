import { expect, it } from 'vitest';
import { QmpKeyboard } from './qmp-keyboard.ts';

interface KeyEvent {
  data: { down: boolean; key: { data: string } };
}

/** A keyboard and the record of what QEMU was told. */
function record(): { keyboard: QmpKeyboard; told: string[] } {
  const told: string[] = [];
  const qmp = (execute: string, args: Record<string, unknown> = {}): Promise<unknown> => {
    expect(execute).toBe('input-send-event');
    const events = args['events'] as KeyEvent[];
    told.push(events.map(({ data }) => `${data.down ? '+' : '-'}${data.key.data}`).join(' '));
    return events.some(({ data }) => data.key.data === 'broken')
      ? Promise.reject(new Error('refused'))
      : Promise.resolve({});
  };
  return { keyboard: new QmpKeyboard(qmp), told };
}

it('presses chords one after another and lets all keys go', async () => {
  const { keyboard, told } = record();
  await keyboard.press([['shift', 'alt_r', '7'], ['ret']]);
  expect(told).toEqual(['+shift +alt_r +7', '-7 -alt_r -shift', '+ret', '-ret']);
});

it('types a text on a layout', async () => {
  const { keyboard, told } = record();
  await keyboard.type('/', { layout: 'ch', variant: '' });
  expect(told).toEqual(['+shift +7', '-7 -shift']);
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
  expect(told).toEqual(['+broken', '+a', '-a']);
});
