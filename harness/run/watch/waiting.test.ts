import { describe, expect, it } from 'vitest';
import type { Deeds } from './activity.ts';
import { type Look, type Stop, Waiting } from './waiting.ts';

const idle: Deeds = {
  seconds: 2,
  starved: 0,
  cpu: 0.05,
  disk: 0,
  characters: 0,
  news: 0,
  screen: null,
  counters: false,
  halted: false,
};
const booted: Look = {
  deeds: idle,
  terminal: [],
  screen: null,
  kernelRan: true,
  isSilent: false,
  hasLoader: true,
  diskAccesses: 500,
};
const inLoader: Look = { ...booted, kernelRan: false };

/** Looks at the same machine until it stops; the seconds after which it does, and why. */
function until(look: (time: number) => Partial<Look>, base = booted, scale = 1): [number, Stop] | null {
  const waiting = new Waiting(scale);
  for (let time = 2; time <= 600; time += 2) {
    const stop = waiting.add({ ...base, ...look(time) });
    if (stop !== null) return [time, stop];
  }
  return null;
}

describe('a program that waits for a person', () => {
  const question = ['Please enter passphrase for disk root: '];

  it('is told within half a minute, with its question', () => {
    const [seconds, stop] = until(() => ({ terminal: question })) ?? [];
    expect(seconds).toBeLessThanOrEqual(30);
    expect(stop).toMatchObject({
      code: 'waits-for-a-person',
      wait: { clause: expect.stringMatching(/for disk root/) },
    });
    expect(until(() => ({ screen: question }))?.[0]).toBeLessThanOrEqual(30);
  });

  it('is told although its clock ticks', () => {
    const ticks = (time: number): Partial<Look> => ({
      terminal: [
        `              12:${Math.floor(time / 60)}`,
        '+------------------------------+',
        '| Erase? |',
        '|  <Yes>   <No>   |',
      ],
      deeds: time % 60 === 0 ? { ...idle, cpu: 0.4, characters: 12, disk: 1 } : idle,
    });
    expect(until(ticks)?.[1]).toMatchObject({ wait: { kind: 'dialog' } });
    expect(until(ticks)?.[0]).toBeLessThanOrEqual(30);
  });

  it('is told by an unknown prompt that stands for long over an idle machine', () => {
    const [seconds = 0, stop] = until(() => ({ terminal: ['Which disk?'] })) ?? [];
    expect(stop).toMatchObject({ wait: { kind: 'prompt' } });
    expect(seconds).toBeGreaterThan(100);
  });

  it.each<[string, (time: number) => Partial<Look>]>([
    [
      'systemd counts down',
      (time) => ({ terminal: [...question, `Job x.device/start running (${time}s / 1min 30s)`] }),
    ],
    ['the machine works', () => ({ terminal: question, deeds: { ...idle, cpu: 1 } })],
    ['it reads from its disk', () => ({ terminal: question, deeds: { ...idle, disk: 9 } })],
    [
      'it is what a bootloader asked before a silent kernel ran',
      (time) => ({
        screen: ['Press any key to continue...'],
        kernelRan: time > 10,
        isSilent: true,
        hasLoader: false,
      }),
    ],
    ['a login prompt stands there', () => ({ terminal: ['nixos login:'] })],
    ['lines come', (time) => ({ terminal: [...question, `line ${'abcdefghij'.repeat(time)}`] })],
    [
      'nobody knows what it wants of the processor',
      () => ({ terminal: question, deeds: { ...idle, cpu: null } }),
    ],
  ])('is not seen where %s', (_, look) => {
    expect(until(look)).toBeNull();
  });
});

describe('a bootloader', () => {
  it('that idles is told within a minute, by its name where that is read', () => {
    expect(until(() => ({}), inLoader)).toMatchObject([
      expect.toSatisfy((seconds: number) => seconds <= 40),
      {
        code: 'boot-menu-waits',
        clause: expect.stringMatching(/^the boot menu waits for a person: it has no time-out \(no kernel/),
      },
    ]);
    expect(until(() => ({ screen: ['boot:'] }), inLoader)?.[1]).toMatchObject({
      clause: expect.stringMatching(/^the boot menu of SYSLINUX waits/),
    });
  });

  it.each([
    [
      'GRUB',
      ['GNU GRUB  version 2.12', '*Live', 'Use the ^ and v keys to select which entry is highlighted.'],
    ],
    ['SYSLINUX', ['Installer', 'Press [Tab] to edit options']],
    ['systemd-boot', ['NixOS', 'Reboot Into Firmware Interface']],
  ])(
    'that shows the whole menu of %s without a countdown is told within a minute on a slow host',
    (name, screen) => {
      const busy = { screen, deeds: { ...idle, cpu: 2 } };
      expect(until(() => busy, inLoader, 2.5)).toMatchObject([
        expect.toSatisfy((seconds: number) => seconds <= 52),
        { code: 'boot-menu-waits', name },
      ]);
    },
  );

  it('that asks for keys all the time is told, too, a little later', () => {
    const busy = { deeds: { ...idle, cpu: 2 } };
    expect(until(() => busy, inLoader)?.[0]).toBeLessThanOrEqual(60);
    expect(until(() => busy, inLoader, 3)?.[0]).toBeGreaterThan(120);
  });

  it.each<[string, (time: number) => Partial<Look>]>([
    ['counts down', (time) => ({ screen: [`Automatic boot in ${time} seconds...`] })],
    ['counts down in graphics', (time) => ({ deeds: { ...idle, counters: time % 14 === 0 } })],
    ['writes the same again and again', () => ({ deeds: { ...idle, characters: 9 } })],
    ['reads', () => ({ deeds: { ...idle, disk: 1 } })],
    ['is none: a kernel ran', () => ({ kernelRan: true })],
    ['is unknown: nobody can tell whether a kernel ran', () => ({ kernelRan: null })],
    ['has no menu: the network, or a kernel that QEMU starts', () => ({ hasLoader: false })],
    ['has not read anything', () => ({ diskAccesses: 3 })],
  ])('is not told to wait where it %s', (_, look) => {
    expect(until(look, inLoader)).toBeNull();
  });

  it('that goes on by itself after a while is given that time, though it does not show it', () => {
    const waiting = new Waiting(1);
    waiting.expectMenu(90);
    let seconds = 0;
    while (waiting.add(inLoader) === null && seconds < 600) seconds += 2;
    expect(seconds).toBeGreaterThan(100);
    expect(seconds).toBeLessThan(120);
  });

  it('that asks for a passphrase is told by its question', () => {
    const stop = until(
      () => ({ screen: ['Enter passphrase for hd0,gpt2 (01): '], deeds: { ...idle, cpu: 2 } }),
      inLoader,
    )?.[1];
    expect(stop).toMatchObject({ code: 'waits-for-a-person', wait: { kind: 'passphrase' } });
  });
});

describe('a program in the place of a system', () => {
  const memtest = (time: number): Partial<Look> => ({
    screen: ['      Memtest86+ v6.10', `Pass ${time} %`],
    deeds: { ...idle, cpu: 2, counters: true },
  });

  it('is told within a minute of its name', () => {
    expect(until(memtest, inLoader)).toMatchObject([
      expect.toSatisfy((seconds: number) => seconds <= 60),
      { code: 'no-system', clause: 'Memtest86+ runs in the place of a system: no kernel was started' },
    ]);
  });

  it('is not seen in a menu that offers it, nor where a kernel ran', () => {
    const menu = ['GNU GRUB  version 2.12', '*Live', ' Memtest86+ ', 'executed automatically in 5s.'];
    expect(until(() => ({ screen: menu, deeds: { ...idle, counters: true } }), inLoader)).toBeNull();
    expect(until(memtest, booted)).toBeNull();
  });
});
