import { describe, expect, it } from 'vitest';
import { keepBoots, mostKept, type RecordedBoot } from './boots.ts';
import { trendsOf } from './trends.ts';

const machine = 'tcg, 1 processor, 1024 MiB';
const boot = (shell: number, more: Partial<RecordedBoot> = {}): RecordedBoot => ({
  subject: '/project mine qemu.x86_64.bios.disk',
  machine,
  slowness: 1,
  figures: { shell },
  ...more,
});
const beside = (now: RecordedBoot, ...history: RecordedBoot[]) =>
  trendsOf([{ cell: 'qemu.x86_64.bios.disk', boot: now }], history);
const steady = [30, 30.2, 29.9, 30.1, 30, 30.1].map((seconds) => boot(seconds));

describe('a boot beside earlier ones', () => {
  it('is within what their noise explains, or beyond', () => {
    expect(beside(boot(31), ...steady)).toEqual([
      {
        cell: 'qemu.x86_64.bios.disk',
        machine,
        figure: 'shell',
        earlier: [30, 30.2, 29.9, 30.1, 30, 30.1],
        now: 31,
        upTo: 34.558,
        isBeyond: false,
      },
    ]);
    expect(beside(boot(36), ...steady)).toMatchObject([{ isBeyond: true }]);
    const noisy = [20, 30, 40, 25, 35].map((seconds) => boot(seconds));
    expect(beside(boot(46), ...noisy)).toMatchObject([{ isBeyond: false }]);
  });

  it('of a host that is otherwise fast is told in seconds of this one', () => {
    const fast = steady.map(({ figures }) => boot((figures['shell'] ?? 0) / 4, { slowness: 0.25 }));
    expect(beside(boot(31), ...fast)).toEqual(beside(boot(31), ...steady));
    // The same seconds on a host that is four times as fast are a boot that is four times as slow.
    expect(beside(boot(31, { slowness: 0.25 }), ...steady)).toMatchObject([{ isBeyond: true }]);
  });

  it('has none where the cell, the project or the machine is another, or the figure is new', () => {
    const others = [
      boot(1, { machine: 'kvm, 1 processor, 1024 MiB' }),
      boot(1, { subject: '/project other qemu.x86_64.bios.disk' }),
      boot(1, { figures: { kernel: 1 } }),
    ];
    expect(beside(boot(30), ...others)).toEqual([]);
  });

  it('is beyond by a figure that counts: one phase may be longer where the whole is not', () => {
    const history = steady.map(({ figures }) => boot(0, { figures: { ...figures, kernel: 3 } }));
    const now = boot(0, { figures: { shell: 30, kernel: 20 } });
    expect(beside(now, ...history).filter(({ isBeyond }) => isBeyond)).toEqual([]);
    const cpu = steady.map(() => boot(0, { figures: { 'shell cpu': 25 } }));
    expect(beside(boot(0, { figures: { 'shell cpu': 60 } }), ...cpu)).toMatchObject([
      { figure: 'shell cpu', isBeyond: true },
    ]);
  });
});

it('so many boots of each subject on each machine are kept, the newest', () => {
  const many = Array.from({ length: mostKept + 5 }, (_, index) => boot(index));
  const other = boot(1, { subject: 'another' });
  const kept = keepBoots([other, ...many], [boot(99)]);
  expect(kept).toHaveLength(mostKept + 1);
  expect(kept[0]).toEqual(other);
  expect(kept[1]).toEqual(boot(6));
  expect(kept.at(-1)).toEqual(boot(99));
});
