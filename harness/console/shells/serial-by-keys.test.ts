import { expect, test } from 'vitest';
import type { Chord, Layout, VirtualKeyboard } from '../keys/keyboard.ts';
import { charactersFor } from '../keys/layouts.ts';
import { speakOnSerial } from './serial-by-keys.ts';
import { GuestError } from '../../errors.ts';
import { Transcript } from '../serial/transcript.ts';

const layout = (name: string): Layout => ({ layout: name, variant: '' });

/** What becomes of the keys on their way; `count` is how many lines came before. */
type Change = (chords: readonly Chord[], count: number) => readonly Chord[];

/** A guest whose keyboard has a layout, and whose shell starts another one on serial for the right command. */
function screen(
  guest: Layout,
  {
    needs = /^sh -c '/,
    sleepsThrough = 0,
    change = (chords) => chords,
  }: { needs?: RegExp; sleepsThrough?: number; change?: Change } = {},
) {
  const transcript = new Transcript();
  const lines: string[] = [];
  let sleeps = sleepsThrough;
  const keyboard: VirtualKeyboard = {
    async press(chords: readonly Chord[]) {
      expect(chords.at(-1)).toEqual(['ret']);
      const typed = charactersFor(guest, change(chords.slice(0, -1), lines.length));
      const line = typed.slice(typed.lastIndexOf('\x03') + 1);
      lines.push(line);
      if (sleeps-- > 0) throw new GuestError('keyboard-unread', 'The guest did not read its keyboard.');
      const [, said, shell] =
        /^(?:sudo -n )?sh -c 'echo (\w+); setsid -f (.*)' <\/dev\/(\w+) >\/dev\/\3 2>&1$/.exec(line) ?? [];
      if (!needs.test(line) || said === undefined) return;
      transcript.append(
        Buffer.from(`${said}\r\n${shell === 'sh -i' ? '# ' : `setsid: ${shell}: not found\r\n`}`),
      );
    },
    type: () => Promise.reject(new Error('not used')),
  };
  const mayType = (): Promise<void> => Promise.resolve();
  const options = {
    keyboard,
    transcript,
    device: '/dev/ttyS0',
    slowness: 0.002,
    user: 'root',
    word: 'bcdfg',
    mayType,
    mayInterrupt: mayType,
  };
  return { options, lines };
}

test.each([
  ['the promised layout', layout('ch'), layout('ch'), 1],
  ['no promised layout', null, layout('us'), 1],
])('%s: the first line that is typed', async (_, promised, guest, count) => {
  const { options, lines } = screen(guest);
  const { signal } = new AbortController();
  await speakOnSerial({ ...options, layout: promised, signal });
  expect(lines).toHaveLength(count);
  expect(lines[0]).toBe("sh -c 'echo bcdfg; setsid -f sh -i' </dev/ttyS0 >/dev/ttyS0 2>&1");
});

test.each(['us', 'de', 'fr', 'gb', 'jp'])('a guest with another layout: %s', async (name) => {
  const { options } = screen(layout(name));
  const { signal } = new AbortController();
  expect(await speakOnSerial({ ...options, layout: layout('ch'), signal })).toMatch(/^(sudo -n )?sh -c /);
});

test.each([
  ['who was not expected', 'root', 2],
  ['who was', 'nixos', 1],
])('a user %s and may not open the port, on aarch64', async (_, user, count) => {
  const { options, lines } = screen(layout('ch'), { needs: /^sudo -n sh -c '/ });
  const { signal } = new AbortController();
  const command = await speakOnSerial({
    ...options,
    device: '/dev/ttyAMA0',
    user,
    layout: layout('ch'),
    signal,
  });
  expect(command).toBe("sudo -n sh -c 'echo bcdfg; setsid -f sh -i' </dev/ttyAMA0 >/dev/ttyAMA0 2>&1");
  expect(lines).toHaveLength(count);
});

test('a screen that reads no keys yet is typed to again', async () => {
  const { options, lines } = screen(layout('ch'), { sleepsThrough: 3 });
  const { signal } = new AbortController();
  await speakOnSerial({ ...options, layout: layout('ch'), signal });
  expect(lines).toHaveLength(5);
});

test('what the guest says of its own accord is no answer', async () => {
  const { options, lines } = screen(layout('ch'), { needs: /^sudo -n sh -c '/ });
  const { keyboard, transcript } = options;
  const press = keyboard.press.bind(keyboard);
  keyboard.press = (chords) => {
    transcript.append(Buffer.from('[    0.000000] Linux version 6.12\r\nbcd\r\n'));
    return press(chords);
  };
  const { signal } = new AbortController();
  await speakOnSerial({ ...options, layout: layout('ch'), signal });
  expect(lines).toHaveLength(2);
});

test('a login that may be under way is not interrupted: it would end for good', async () => {
  const { options } = screen(layout('ch'), { needs: /^sudo -n sh -c '/ });
  const seen: string[] = [];
  const press = options.keyboard.press.bind(options.keyboard);
  options.keyboard.press = (chords) => {
    seen.push(charactersFor(layout('ch'), chords).includes('\x03') ? 'interrupted' : 'typed');
    return press(chords);
  };
  options.mayInterrupt = async () => void seen.push('over');
  const { signal } = new AbortController();
  await speakOnSerial({ ...options, layout: layout('ch'), signal });
  expect(seen).toEqual(['typed', 'over', 'interrupted']);
});

test('goes on until the budget ends it', async () => {
  const { options } = screen(layout('ch'), { needs: /never/ });
  const budget = new AbortController();
  const speaking = speakOnSerial({ ...options, layout: layout('ch'), signal: budget.signal });
  budget.abort(new Error('the budget is over'));
  await expect(speaking).rejects.toThrow('the budget is over');
});

test('a keyboard that is gone is no reason to type on', async () => {
  const { options } = screen(layout('ch'));
  const keyboard = { ...options.keyboard, press: () => Promise.reject(new Error('QEMU is gone')) };
  const { signal } = new AbortController();
  await expect(speakOnSerial({ ...options, keyboard, layout: null, signal })).rejects.toThrow('gone');
});

test.each<[string, (at: number) => Change]>([
  ['lost', (at) => (chords) => chords.toSpliced(at, 1)],
  ['repeated', (at) => (chords) => chords.toSpliced(at, 0, chords[at] ?? [])],
  ['swapped', (at) => (chords) => chords.toSpliced(at, 2, chords[at + 1] ?? [], chords[at] ?? [])],
])('a key that is %s, whichever: the line is typed again', async (_, slip) => {
  const { length } = "sh -c 'echo bcdfg; setsid -f sh -i' </dev/ttyS0 >/dev/ttyS0 2>&1";
  for (let at = 1; at < length; at++) {
    // The first two spellings, as whoever may use the port and by sudo.
    const { options, lines } = screen(layout('ch'), {
      change: (chords, count) => (count < 2 ? slip(at)(chords, count) : chords),
    });
    const { signal } = new AbortController();
    const command = await speakOnSerial({ ...options, slowness: 0.0004, layout: layout('ch'), signal });
    expect(command).toMatch(/^(sudo -n )?sh -c /);
    // Two of the same letter may change places.
    if (lines.length === 1) expect(lines[0]).toBe(command);
  }
});

test('letters that are nowhere in their usual place', async () => {
  const { options } = screen({ layout: 'us', variant: 'dvorak' });
  const { signal } = new AbortController();
  expect(await speakOnSerial({ ...options, layout: layout('ch'), signal })).toMatch(/^(sudo -n )?sh -c /);
});
