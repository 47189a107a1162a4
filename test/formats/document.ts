import { rungs } from '../../harness/events.ts';
import type { Cell } from '../../harness/matrix/cell.ts';
import { type Format, formats } from '../../harness/matrix/formats.ts';
import type { Defect } from '../defects/defect.ts';
import type { Proof } from './proof.ts';
import { cellsCalled } from './samples.ts';

interface Sources {
  defects: readonly Defect[];
  /** By the id of a cell. */
  proofs: Readonly<Record<string, Proof>>;
}

interface Row extends Sources {
  format: Format;
  cells: readonly Cell[];
}

/** How each way to boot a cell is called in a sentence. */
const booted = {
  shipped: 'as it ships',
  credentials: 'with credentials of systemd',
  menu: 'by keys at its boot menu',
  kernel: 'by its kernel and initrd',
} as const;

/** The text of docs/formats.md. */
export function formatsDocument({ defects, proofs }: Sources): string {
  const rows = formats.map((format) => ({ defects, proofs, format, cells: cellsCalled(format.name) }));
  const lacking = (has: (row: Row) => boolean): string =>
    rows
      .filter((row) => !has(row))
      .map(({ format }) => `\`${format.name}\``)
      .join(', ') || 'none';
  return `# The formats

<!-- Written by \`pnpm docs:formats\` out of the format table, the catalogue of defects and recorded runs: do not edit. -->

Each row of the format table (\`harness/matrix/formats.ts\`): what is published, how it is opened, and the machines that it
is booted on. A *twin* is an image of the format that is broken on purpose, with the verdict that it must get
(\`pnpm test:defects\`). A *recorded boot* is a cell that passed in a run that was recorded (\`pnpm docs:formats --record DIR\`).

Formats without a twin: ${lacking(({ defects, format }) => twinsOf(format, defects).length > 0)}.

Formats without a recorded boot: ${lacking(({ cells, proofs }) => cells.some(({ id }) => id in proofs))}.

${rows.map(section).join('\n\n')}
`;
}

const section = (row: Row): string => {
  const { format, cells, defects } = row;
  const facts: [string, string][] = [
    ['What', format.what],
    ['Opened', format.opened ?? 'it is read as it lies there'],
    ['Machine', machineOf(row)],
    ['Booted', (format.ladder ?? rungs).map((rung) => booted[rung]).join(', else ')],
    ['Twins', twinsOf(format, defects).join(', ') || 'none'],
  ];
  const ids = new Map(cells.map((cell) => [cell.id, cell]));
  return [
    `## ${format.name}`,
    facts.map(([name, value]) => `- ${name}: ${value}`).join('\n'),
    '| cell | recorded boot |\n|---|---|',
  ]
    .join('\n\n')
    .concat([...ids.values()].map((cell) => `\n| \`${cell.id}\` | ${proofOf(cell, row)} |`).join(''));
};

function machineOf({ format, cells }: Row): string {
  const memory = [...new Set(cells.map(({ memoryMiB }) => memoryMiB))];
  const parts = [
    format.media.includes('disk') ? `${format.diskBus} disk` : format.media.join(' and '),
    `${memory.join(' or ')} MiB${format.name === 'netboot' ? ' and five times its initrd' : ''}`,
    format.blankDiskMiB === undefined ? '' : `a blank disk of ${format.blankDiskMiB} MiB`,
    format.guestAgent === undefined ? '' : "the channel of QEMU's guest agent",
    format.externalKernel === undefined ? '' : format.externalKernel.note,
  ];
  return parts.filter(Boolean).join('; ');
}

const twinsOf = ({ name }: Format, defects: readonly Defect[]): string[] =>
  defects.filter(({ cell }) => cell.split('.')[0] === name).map((defect) => `\`${defect.name}\``);

function proofOf({ id, skip }: Cell, { proofs }: Row): string {
  const proof = proofs[id];
  if (proof === undefined) return skip === undefined ? 'none yet' : `skipped: ${skip}`;
  const { date, access, checks, accelerator, qemu } = proof;
  return `${date}, in by ${access.join(', ')}; ${checks.join(', ')} passed (QEMU ${qemu}, ${accelerator})`;
}
