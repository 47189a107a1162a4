import { expect, it } from 'vitest';
import { LightsState, type LightsWatch } from '../../machine/sockets/lights.ts';
import { type Qmp, QmpKeyboard } from './qmp-keyboard.ts';

interface KeyEvent {
  data: { down: boolean; key: { data: string } };
}

/** A keyboard, and the record of what QEMU was told and of what it told about the controller. */
function record(
  statuses: string[] = [],
  options: ConstructorParameters<typeof QmpKeyboard>[1] = {},
  onKeys: (keys: string) => void = () => {},
): { keyboard: QmpKeyboard; told: string[] } {
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
    const keys = events.map(({ data }) => `${data.down ? '+' : '-'}${data.key.data}`).join(' ');
    told.push(keys);
    onKeys(keys);
    return events.some(({ data }) => data.key.data === 'broken')
      ? Promise.reject(new Error('refused'))
      : Promise.resolve({});
  };
  return { keyboard: new QmpKeyboard(qmp, options), told };
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

const numLock = '+num_lock -num_lock';

/** A keyboard with lights, of a guest that switches them as long as `heeds` says so. */
function withLights(heeds: (count: number) => boolean): {
  keyboard: QmpKeyboard;
  told: string[];
  num: () => boolean;
} {
  const state = new LightsState({ scroll: false, num: false, caps: false });
  let count = 0;
  const lights = async (): Promise<LightsWatch> => Object.assign(state, { async [Symbol.asyncDispose]() {} });
  const { keyboard, told } = record([], { lights }, (keys) => {
    if (keys !== numLock || !heeds(count++)) return;
    // Later, as a guest does it.
    setImmediate(() => state.set({ ...state.now, num: !state.now.num }));
  });
  return { keyboard, told, num: () => state.now.num };
}

const letters = (text: string): string[][] => [...text].map((letter) => [letter]);
const downUp = (text: string): string[] => [...text].map((letter) => `+${letter} -${letter}`);

it('has the guest acknowledge each burst by a light, and leaves the light as it was', async () => {
  const { keyboard, told, num } = withLights(() => true);
  await keyboard.press(letters('abcdefgh'));
  expect(told).toEqual([numLock, ...downUp('abcdef'), numLock, ...downUp('gh'), numLock, numLock]);
  expect(num()).toBe(false);
});

it('presses fewer chords at a time where they are of many keys', async () => {
  const { keyboard, told } = withLights(() => true);
  await keyboard.press([['shift', 'alt_r', '7'], ['shift', 'a'], ['b']]);
  expect(told.filter((keys) => keys === numLock)).toHaveLength(4);
  expect(told.slice(1, 5)).toEqual([
    '+shift +alt_r +7 -7 -alt_r -shift',
    '+shift +a -a -shift',
    numLock,
    '+b -b',
  ]);
});

it('types at a person’s pace to a guest without lights, and to one that stops to switch them', async () => {
  const none = withLights(() => false);
  await none.keyboard.press(letters('ab'));
  expect(none.told).toEqual([numLock, ...downUp('ab')]);
  const stops = withLights((count) => count < 1);
  await stops.keyboard.press(letters('abcdefgh'));
  // It is tried once more in the end, for the light's sake.
  expect(stops.told).toEqual([numLock, ...downUp('abcdef'), numLock, ...downUp('gh'), numLock]);
});

it('leaves Num Lock alone for a while where it switched no light: with de(neo) it is a Tab', async () => {
  const late = withLights((count) => count > 0);
  for (let press = 0; press <= 16; press++) await late.keyboard.press([['a']]);
  expect(late.told.filter((keys) => keys === numLock)).toHaveLength(1);
  await late.keyboard.press([['a']]);
  expect(late.told.slice(-4)).toEqual(['+a -a', numLock, '+a -a', numLock]);
});

it('asks a guest that may have come up since', async () => {
  const late = withLights((count) => count > 0);
  await late.keyboard.press([['a']]);
  await late.keyboard.press([['b']], { anew: true });
  expect(late.told.slice(1, 4)).toEqual(['+a -a', numLock, '+b -b']);
});

it('types without lights where nobody can look at them', async () => {
  const { keyboard, told } = record([], { lights: () => Promise.reject(new Error('no such socket')) });
  await keyboard.press([['a']]);
  expect(told).toEqual(['+a -a']);
});
