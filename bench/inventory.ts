import type { Result } from './result.ts';
import { runCells } from './run-cells.ts';

/** What it costs to ask a guest what it is beside all that its cell costs: processor time of one machine. */
export async function inventory(): Promise<Result[]> {
  const events = await runCells(['qemu.x86_64.bios.disk']);
  const asked = events.find((event) => event.type === 'inventory');
  const cell = events.find((event) => event.type === 'cell-finished');
  const own = asked?.cpuSeconds ?? Number.NaN;
  const all = cell?.cpuSeconds ?? Number.NaN;
  return [
    {
      name: 'CPU time of QEMU for the inventory over that of the whole cell',
      value: own / all,
      goal: 0.03,
      of: `${own.toFixed(1)} s / ${all.toFixed(1)} s`,
    },
  ];
}
