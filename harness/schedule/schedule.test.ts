import { describe, expect, test } from 'vitest';
import type { AnyCell, Cell } from '../matrix/cell.ts';
import { Admission, type Entrance } from './admission.ts';
import { whyTooLarge } from './capacity.ts';
import { type Turn, cpusFor, orderByLength, orderBySeed, schedule } from './schedule.ts';

const cell = (id: string, memoryMiB = 1024): Cell => ({
  id,
  format: 'raw',
  arch: 'x86_64',
  firmware: 'bios',
  medium: 'disk',
  diskBus: 'sata',
  memoryMiB,
  diskMiB: 100,
  image: {
    kind: 'disk',
    path: `/${id}`,
    files: [`/${id}`],
    arch: 'x86_64',
    driver: 'raw',
    virtualSize: 1,
    table: 'mbr',
    boots: { bios: true, uefi: [] },
  },
});

const capacity = { cpus: 2, memoryMiB: 4096, diskMiB: 10_000 };

describe('orderByLength', () => {
  test('puts the longest first, unknown ones before all', () => {
    const cells = [cell('short'), cell('long'), cell('new-b'), cell('new-a'), cell('new-big', 4096)];
    expect(orderByLength(cells, { short: 10, long: 90 }).map(({ id }) => id)).toEqual([
      'new-big',
      'new-a',
      'new-b',
      'long',
      'short',
    ]);
  });
});

test('a seed fixes the order, also of those that a filter leaves', () => {
  const cells = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => cell(id));
  const order = (seed: number, some = cells): string =>
    orderBySeed(some, seed)
      .map(({ id }) => id)
      .join('');
  expect(order(1)).toBe(order(1, cells.toReversed()));
  expect(new Set([1, 2, 3, 4].map((seed) => order(seed))).size).toBeGreaterThan(1);
  expect(order(1, cells.slice(2))).toBe(order(1).replaceAll(/[ab]/g, ''));
});

test('a repeat is as long as the cell that it repeats', () => {
  const repeat = { ...cell('long.repeat-2'), repeatOf: 'long' };
  const ordered = orderByLength([cell('short'), repeat, cell('new')], { short: 10, long: 90 });
  expect(ordered.map(({ id }) => id)).toEqual(['new', 'long.repeat-2', 'short']);
});

test.each([
  [1, 8, 8],
  [3, 8, 2],
  [8, 8, 1],
  [3, 2, 1],
  [0, 2, 2],
])('cpusFor(%i machines, %i cores) is %i', (active, cpus, expected) => {
  expect(cpusFor(active, cpus)).toBe(expected);
});

test('whyTooLarge names what is missing', () => {
  expect(whyTooLarge({ memoryMiB: 5000, diskMiB: 1 }, capacity)).toMatch(
    /5000 MiB of memory .* 4096 MiB free/,
  );
  expect(whyTooLarge({ memoryMiB: 1, diskMiB: 20_000 }, capacity)).toMatch(/20000 MiB of scratch disk/);
  expect(whyTooLarge({ memoryMiB: 4096, diskMiB: 10_000 }, capacity)).toBeNull();
});

/** The way to leave of one who was let in. */
function leaveOf(entrance: Entrance): () => void {
  if ('refused' in entrance) throw new Error(entrance.refused);
  return entrance.leave;
}

describe('Admission', () => {
  const need = (memoryMiB: number) => ({ memoryMiB, diskMiB: 1 });

  /** Notes who is let in. */
  function door(memoryMiB: number) {
    const admission = new Admission({ memoryMiB, diskMiB: 10 });
    const order: string[] = [];
    const enter = async (name: string, memory: number, alone = false): Promise<() => void> => {
      const leave = leaveOf(await admission.enter(need(memory), { alone }));
      order.push(name);
      return leave;
    };
    return { admission, order, enter };
  }

  test('admits in order and only what fits', async () => {
    const { order, enter } = door(10);
    const leaveFirst = await enter('first', 8);
    const large = enter('large', 9);
    const small = enter('small', 1);
    await Promise.resolve();
    expect(order).toEqual(['first']);
    leaveFirst();
    leaveFirst();
    (await large)();
    (await small)();
    expect(order).toEqual(['first', 'large', 'small']);
  });

  test('one that wants to be alone is let in last, and nobody beside it', async () => {
    const { order, enter } = door(10);
    const leaveFirst = await enter('first', 1);
    const alone = enter('alone', 1, true);
    const later = enter('later', 1);
    await Promise.resolve();
    expect(order).toEqual(['first']);
    leaveFirst();
    const leaveAlone = await alone;
    await Promise.resolve();
    expect(order).toEqual(['first', 'alone']);
    leaveAlone();
    await later;
  });

  test('what is measured anew counts: less is waited for, and refused where nobody is left who could give it back', async () => {
    const { admission, order, enter } = door(10);
    const leaveFirst = await enter('first', 4);
    admission.resize({ memoryMiB: 6, limitMiB: 20 });
    const second = admission.enter(need(7));
    const third = enter('third', 5);
    await Promise.resolve();
    expect(order).toEqual(['first']);
    leaveFirst();
    expect(await second).toEqual({
      refused: expect.stringMatching(/^needs 7 MiB of memory and the limit .* 20 MiB, leaves 6 MiB/),
    });
    (await third)();
    admission.resize({ memoryMiB: 8 });
    await enter('more', 7);
  });
});

const done: Turn = { next: 'done', starved: null };

describe('schedule', () => {
  const options = (over: Partial<Parameters<typeof schedule>[1]>): Parameters<typeof schedule>[1] => ({
    jobs: 2,
    capacity,
    order: { history: {} },
    signal: new AbortController().signal,
    remeasure: () => capacity,
    run: async () => done,
    refuse: () => {},
    ...over,
  });

  test('never runs more than jobs, nor more memory than there is', async () => {
    const running = new Set<AnyCell>();
    let most = 0;
    let mostMemory = 0;
    await schedule(
      Array.from({ length: 12 }, (_, index) => cell(`c${index}`, index % 3 === 0 ? 2500 : 700)),
      options({
        jobs: 4,
        run: async (one) => {
          running.add(one);
          most = Math.max(most, running.size);
          mostMemory = Math.max(
            mostMemory,
            [...running].reduce((sum, { memoryMiB }) => sum + memoryMiB + 256, 0),
          );
          await new Promise((resolve) => setImmediate(resolve));
          running.delete(one);
          return done;
        },
      }),
    );
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
    expect(mostMemory).toBeLessThanOrEqual(capacity.memoryMiB);
  });

  test('the last cell gets all cores', async () => {
    const cpus: number[] = [];
    await schedule(
      [cell('a'), cell('b'), cell('c')],
      options({
        jobs: 1,
        run: async (_, slot) => {
          cpus.push(slot.cpus);
          return done;
        },
      }),
    );
    expect(cpus).toEqual([2, 2, 2]);
    cpus.length = 0;
    const gate = Promise.withResolvers<void>();
    await schedule(
      [cell('a'), cell('b'), cell('c')],
      options({
        run: async (one, slot) => {
          cpus.push(slot.cpus);
          if (one.id === 'a') await gate.promise;
          if (one.id === 'c') gate.resolve();
          return done;
        },
      }),
    );
    expect(cpus).toEqual([1, 1, 1]);
  });

  test('refuses what never fits and starts nothing once aborted', async () => {
    const refused: string[] = [];
    const ran: string[] = [];
    const controller = new AbortController();
    await schedule(
      [cell('huge', 100_000), cell('x'), cell('y')],
      options({
        jobs: 1,
        signal: controller.signal,
        refuse: ({ id }) => refused.push(id),
        run: async ({ id }) => {
          ran.push(id);
          controller.abort();
          return done;
        },
      }),
    );
    expect(refused).toEqual(['huge']);
    expect(ran).toEqual(['x']);
  });

  test('a cell that asks for another turn comes behind those that wait', async () => {
    const turns: string[] = [];
    await schedule(
      [cell('a'), cell('b'), cell('c')],
      options({
        jobs: 1,
        run: async ({ id }) => {
          turns.push(id);
          return { next: id === 'a' && turns.length < 6 ? 'again' : 'done', starved: null };
        },
      }),
    );
    expect(turns).toEqual(['a', 'b', 'c', 'a', 'a', 'a']);
  });

  test('a cell that asks to be alone gets its turn behind all others, with nobody beside it', async () => {
    const running = new Set<string>();
    const turns: string[] = [];
    await schedule(
      ['a', 'b', 'c', 'd'].map((id) => cell(id, 100)),
      options({
        jobs: 3,
        run: async ({ id }, { machines }) => {
          running.add(id);
          const asks = id === 'a' && !turns.some((one) => one.startsWith('a'));
          turns.push(`${id} with ${running.size - 1} of ${machines - 1}`);
          await new Promise((resolve) => setImmediate(resolve));
          running.delete(id);
          return { next: asks ? 'alone' : 'done', starved: null };
        },
      }),
    );
    expect(turns.at(-1)).toBe('a with 0 of 0');
    expect(turns).toHaveLength(5);
  });

  test('runs fewer machines where they starve each other, and more again where they do not', async () => {
    const running = new Set<string>();
    const beside: number[] = [];
    const told: number[] = [];
    await schedule(
      Array.from({ length: 24 }, (_, index) => cell(`c${String(index).padStart(2, '0')}`, 10)),
      options({
        jobs: 4,
        onCrowd: (machines) => told.push(machines),
        run: async ({ id }) => {
          running.add(id);
          beside.push(running.size);
          await new Promise((resolve) => setImmediate(resolve));
          const starved = id < 'c08' ? 0.6 : 0.05;
          running.delete(id);
          return { next: 'done', starved };
        },
      }),
    );
    expect(told.slice(0, 2)).toEqual([2, 1]);
    expect(Math.max(...told.slice(2))).toBe(4);
    expect(Math.max(...beside)).toBe(4);
  });

  test('refuses a cell for which others have left no memory meanwhile', async () => {
    const refused: string[] = [];
    await schedule(
      [cell('a', 2000), cell('b', 1000)],
      options({
        jobs: 1,
        remeasure: () => ({ memoryMiB: 700 }),
        refuse: ({ id }, reason) => refused.push(`${id} ${reason}`),
      }),
    );
    expect(refused).toEqual([expect.stringMatching(/^b needs 1256 MiB of memory and the host has 700 MiB/)]);
  });
});
