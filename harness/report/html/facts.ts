import path from 'node:path';
import type { CellRecord, RunRecord } from '../record/record.ts';
import { hasMachine, lastAttempt } from '../record/record.ts';
import { duration } from '../terminal/lines.ts';
import { type Markup, markup } from './markup.ts';

export interface Facts {
  record: RunRecord;
}

/** What was booted, on what, and how long it took. */
export function cellFacts(cell: CellRecord, { record }: Facts): Markup {
  const { format, arch, firmware, medium, image } = cell.summary;
  const attempt = lastAttempt(cell);
  const machine = attempt?.machines.at(-1);
  const accelerator = record.accelerator[arch ?? ''];
  const facts: [string, string | null | undefined][] = [
    [hasMachine(cell) ? 'Image' : 'Release', image],
    ...digests(image, record),
    ['Format', format],
    ['Machine', [arch, firmware, medium].filter(Boolean).join(', ')],
    ['Processors, memory', machine && `${machine.cpus}, ${machine.memoryMiB} MiB`],
    ['Accelerator', accelerator && `${accelerator.name}: ${accelerator.reason}`],
    ['QEMU', record.qemu[arch ?? '']],
    ['Booted', machine?.rung && `by ${machine.rung}`],
    [
      'Way in',
      attempt?.accesses
        .map(({ access, user, seconds }) => `${access} as ${user}, ${duration(seconds)} after power-on`)
        .join('; '),
    ],
    ['Phases', attempt?.phases.map(({ phase, seconds }) => `${phase} ${duration(seconds)}`).join(' · ')],
    ['QEMU’s processor time', cell.cpuSeconds === null ? null : duration(cell.cpuSeconds)],
  ];
  return markup`<dl class="facts">
    ${facts.map(
      ([name, value]) =>
        value !== null &&
        value !== undefined &&
        value !== '' &&
        markup`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

/** The SHA-256 of each file of the image; one that changed says so. */
function digests(image: string, { digests: all }: RunRecord): [string, string][] {
  return all
    .filter((file) => file.path === image || file.path.startsWith(image + path.sep))
    .map(({ path: file, before, after }) => {
      const name = file === image ? 'SHA-256' : `SHA-256 of ${path.basename(file)}`;
      const changed = before !== null && after !== null && before !== after;
      return [name, `${before ?? 'not taken'}${changed ? `, and ${after} after the run: it changed` : ''}`];
    });
}
