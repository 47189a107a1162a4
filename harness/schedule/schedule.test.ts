import { describe, expect, test } from 'vitest';
import type { Cell } from '../matrix/cell.ts';
import { Admission } from './admission.ts';
import { whyTooLarge } from './capacity.ts';
import { cpusFor, orderByLength, orderBySeed, schedule } from './schedule.ts';

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

test('Admission admits in order and only what fits', async () => {
  const admission = new Admission({ memoryMiB: 10, diskMiB: 10 });
  const order: string[] = [];
  const leaveFirst = await admission.enter({ memoryMiB: 8, diskMiB: 1 });
  const large = admission.enter({ memoryMiB: 9, diskMiB: 1 }).then((leave) => {
    order.push('large');
    return leave;
  });
  const small = admission.enter({ memoryMiB: 1, diskMiB: 1 }).then((leave) => {
    order.push('small');
    return leave;
  });
  await Promise.resolve();
  expect(order).toEqual([]);
  leaveFirst();
  leaveFirst();
  (await large)();
  (await small)();
  expect(order).toEqual(['large', 'small']);
});

describe('schedule', () => {
  const options = (over: Partial<Parameters<typeof schedule>[1]>): Parameters<typeof schedule>[1] => ({
    jobs: 2,
    capacity,
    order: { history: {} },
    signal: new AbortController().signal,
    run: async () => 'done',
    refuse: () => {},
    ...over,
  });

  test('never runs more than jobs, nor more memory than there is', async () => {
    const running = new Set<Cell>();
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
          return 'done';
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
          return 'done';
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
          return 'done';
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
          return 'done';
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
          return id === 'a' && turns.length < 6 ? 'again' : 'done';
        },
      }),
    );
    expect(turns).toEqual(['a', 'b', 'c', 'a', 'a', 'a']);
  });
});
