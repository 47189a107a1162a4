import path from 'node:path';
import { cleanLine } from '../terminal/clean.ts';
import type { CellRecord, RunRecord } from '../record/record.ts';
import { hasMachine, lastAttempt, secondsToAccess } from '../record/record.ts';

/** What a suite says of its cell: the machine, the image and its digests, how the boot went; names are unique. */
export function cellProperties(cell: CellRecord, record: RunRecord): Map<string, string> {
  const { format, image } = cell.summary;
  const properties = new Map<string, string>([
    ['verdict', cell.verdict],
    ['format', format],
    ...machineProperties(cell, record),
    ['contract', record.contract],
    ...(record.checks === undefined ? [] : [['checks', record.checks.join(' ')] as const]),
    ['image', image],
    ...digestProperties(cell, record),
    ...(cell.code === null ? [] : [['code', cell.code] as const]),
    ['attempts', String(cell.attempts.length)],
    ...(hasMachine(cell) ? [['access', cell.access ?? 'none'] as const] : []),
    // As an attribute `file` of the case, Jenkins' xUnit plugin would drop the whole report for them.
    ...cell.checks.flatMap(({ name, file }) => (file === '' ? [] : [[`file.${name}`, file] as const])),
    ...explanationProperties(cell),
    ...(lastAttempt(cell)?.shut ?? []).map(({ rung, reason }) => [`shut.${rung}`, reason] as const),
  ]);
  for (const { phase, seconds } of lastAttempt(cell)?.phases ?? []) {
    properties.set(`seconds.${phase}`, seconds.toFixed(3));
  }

  const toAccess = secondsToAccess(cell);
  if (toAccess !== null) properties.set('seconds.access', toAccess.toFixed(3));
  return properties;
}

function machineProperties({ summary }: CellRecord, record: RunRecord): [string, string][] {
  const { arch, firmware, medium } = summary;
  if (arch === undefined || firmware === undefined || medium === undefined) return [];
  const accelerator = record.accelerator[arch];
  return [
    ['arch', arch],
    ['firmware', firmware],
    ['medium', medium],
    ['accelerator', accelerator?.name ?? 'none'],
    ['accelerator.reason', accelerator?.reason ?? ''],
    ['qemu', record.qemu[arch] ?? ''],
  ];
}

/** What a second boot told of why it failed. */
function explanationProperties(cell: CellRecord): [string, string][] {
  const explanation = lastAttempt(cell)?.explanation ?? null;
  if (explanation === null) return [];
  return [
    ['explanation', explanation.sentence],
    ['explanation.phase', explanation.phase ?? 'none'],
  ];
}

/** The SHA-256 of each file of the image, and whether all are the same after the run. */
function digestProperties({ summary: { image } }: CellRecord, record: RunRecord): [string, string][] {
  const files = record.digests.filter(
    (file) => file.path === image || file.path.startsWith(image + path.sep),
  );
  const properties = files.map((file): [string, string] => [
    `sha256.${cleanLine(path.relative(path.dirname(image), file.path))}`,
    file.before ?? 'not taken',
  ]);
  if (files.length > 0 && files.every((file) => file.after !== null)) {
    const unchanged = files.every((file) => file.before === file.after);
    properties.push(['image.unchanged', String(unchanged)]);
  }

  return properties;
}
