import { describe, expect, it } from 'vitest';
import { Activity, type Deeds } from './activity.ts';

const sleeping: Deeds = {
  seconds: 2,
  starved: 0,
  cpu: 0.02,
  disk: 0,
  characters: 0,
  news: 0,
  screen: null,
  counters: false,
  halted: false,
};
const after = (looks: number, deeds: Partial<Deeds> = {}, activity = new Activity()): Activity => {
  for (let look = 0; look < looks; look++) activity.add({ ...sleeping, ...deeds });
  return activity;
};

describe('a machine', () => {
  it('that does nothing is idle', () => {
    const activity = after(60);
    expect(activity).toMatchObject({ idle: 120, still: 120, dead: false });
    expect(activity.describe()).toBe('idle for 120 s: CPU at 1 %, no disk access, nothing on serial');
    activity.add({ ...sleeping, screen: false });
    expect(activity.describe()).toMatch(/, screen unchanged$/);
  });

  it.each<Partial<Deeds>>([{ disk: 1 }, { news: 1, characters: 10 }, { screen: true }])(
    'that does %j gets on',
    (deeds) => {
      expect(after(1, deeds, after(60))).toMatchObject({ idle: 0, still: 0 });
    },
  );

  it('that works, or repeats itself on serial, is not idle and does not get on', () => {
    expect(after(30, { cpu: 1.98 })).toMatchObject({ idle: 0, still: 60 });
    expect(after(30, { characters: 80 })).toMatchObject({ idle: 0, still: 60 });
    expect(after(60, { cpu: 1.98, disk: null }).describe()).toBe(
      'in its last 30 s CPU at 99 %, nothing on serial',
    );
    expect(after(60, { disk: 5, characters: 7 }).describe()).toBe(
      'in its last 30 s CPU at 1 %, 75 disk accesses, 105 characters on serial',
    );
  });

  it('is not blamed for the time in which the host gave it no processor, within a bound', () => {
    expect(after(30, { starved: 1 })).toMatchObject({ idle: 30, still: 30 });
    expect(after(30, { starved: 9 })).toMatchObject({ idle: 30, still: 30 });
    expect(after(30, { starved: 1, cpu: 1 }).describe()).toMatch(
      /, waiting 15 s for a processor of the host$/,
    );
  });

  it('of which nobody can tell what it does is not idle', () => {
    expect(after(30, { cpu: null }).idle).toBe(0);
  });

  it('that is halted with interrupts off is dead, when it is seen so again and again', () => {
    const halted = { halted: true };
    expect(after(2, halted).dead).toBe(false);
    expect(after(3, halted).dead).toBe(true);
    expect(after(2, halted, after(1, {}, after(2, halted))).dead).toBe(false);
    expect(after(3, { ...halted, cpu: 2 }).dead).toBe(false);
  });
});

it('a machine that its host kept from running most of the time is told from one that had its share', () => {
  expect(after(60, { starved: 0.9 }).starvation).toBeNull();
  expect(after(60, { starved: 1.5 }).starvation).toBe(
    'for 90 of 120 s it waited for a processor of the host',
  );
  expect(after(60, {}, after(30, { starved: 1.5 })).starvation).toBeNull();
});

describe('what a machine wanted of its host and did not get', () => {
  it('counts by what it wanted, however long it slept since', () => {
    const refused = after(20, { cpu: 1, starved: 0.5 });
    expect(refused.crowding).toBe('of the 30 s for which it wanted a processor of the host it waited 10 s');
    expect(after(300, { cpu: 0 }, refused).crowding).toMatch(/^of the 30 s/);
    expect(refused.starvation).toBeNull();
  });

  it('is no excuse where it is little', () => {
    expect(after(60, { cpu: 1.9, starved: 0.4 }).crowding).toBeNull();
    expect(after(5, { cpu: 1, starved: 1 }).crowding).toBeNull();
  });
});
