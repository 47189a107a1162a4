/** A report of a run that never was: its events, files and pictures, as a run would have written them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Comparison, defaultLevels } from '../../harness/difference.ts';
import type { CellSummary, CheckResult, EventBody, RunEvent } from '../../harness/events.ts';
import { fold } from '../../harness/report/record/fold.ts';
import { type WriteOptions, writeReports } from '../../harness/report/write.ts';

/** One pixel. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

export const passed = 'qemu.x86_64.bios.disk';
export const failedBoot = 'iso.x86_64.uefi.cdrom';
export const failedCheck = 'qemu-efi.x86_64.uefi.disk';

/** What a guest says to be more than text; each part of it would show itself. */
const hostile = [
  '<script>window.owned=1</script><img src="owned.png" onerror="window.owned=1">',
  `"'><svg onload="window.owned=1"><b data-owned>bold</b>`,
  '</script></style></title></pre><iframe src="owned.html"></iframe>',
  '\x1b]0;title\x07\x1b[31mred\u202Egnp.exe\0 javascript:owned() --> <!-- ]]>',
].join(' ');

interface Told {
  id: string;
  at: number;
  events: (EventBody & { after: number })[];
}

const started = (cell: string): EventBody => ({
  type: 'cell-started',
  cell,
  attempt: 1,
  cpus: 1,
  memoryMiB: 1024,
  argv: ['qemu-system-x86_64', '-name', `it's ${cell}`],
});

const attachment = (
  cell: string,
  name: string,
  file: string,
  more: { detail?: true; shows?: string } = {},
): EventBody => ({ type: 'attachment', cell, name, path: `cells/${cell}/${file}`, ...more });

const check = (name: string, over: Partial<CheckResult> = {}): CheckResult => ({
  name,
  verdict: 'passed',
  reason: '',
  seconds: 2,
  access: ['serial'],
  evidence: [{ action: `check ${name}`, observed: 'all as promised', access: 'serial' }],
  file: `scenarios/${name}.ts`,
  ...over,
});

const finished = (
  cell: string,
  over: Partial<Extract<EventBody, { type: 'cell-finished' }>> = {},
): EventBody => ({
  type: 'cell-finished',
  cell,
  attempts: 1,
  verdict: 'passed',
  phase: 'shell',
  reason: '',
  seconds: 20,
  cpuSeconds: 9,
  access: 'serial',
  ...over,
});

const after = (seconds: number, event: EventBody): EventBody & { after: number } =>
  Object.assign({ after: seconds }, event);

/** A cell that came to a shell, and its checks. */
function booted(id: string, at: number, result: CheckResult, end: EventBody): Told {
  return {
    id,
    at,
    events: [
      after(0, started(id)),
      after(0.1, attachment(id, 'serial log', 'serial.log')),
      after(0.1, attachment(id, 'boots this machine by hand', 'qemu.sh')),
      after(0.1, attachment(id, 'console recording', 'console.cast', { detail: true })),
      after(0.2, { type: 'phase', cell: id, phase: 'firmware', seconds: 0, evidence: 'power-on' }),
      after(2, { type: 'phase', cell: id, phase: 'kernel', seconds: 2, evidence: 'Linux version 6.12' }),
      after(3, attachment(id, 'screen at kernel', 'screen-kernel.png', { detail: true })),
      after(10, { type: 'phase', cell: id, phase: 'shell', seconds: 10, evidence: '# ' }),
      after(10, { type: 'access', cell: id, access: 'serial', seconds: 10, user: 'root' }),
      after(11, { type: 'check-started', cell: id, check: result.name }),
      after(12, {
        type: 'command',
        cell: id,
        command: 'sshd -T',
        access: 'serial',
        user: 'root',
        seconds: 0.5,
        status: 0,
        output: 'permitemptypasswords yes',
      }),
      after(13, { type: 'keys', cell: id, keys: 'i d ret', seconds: 0.3 }),
      after(15, { type: 'check-finished', cell: id, result }),
      after(16, { type: 'qmp', cell: id, event: 'SHUTDOWN', data: '{"guest":true}' }),
      after(17, attachment(id, 'screenshot', 'screen.png', { shows: 'blank' })),
      after(20, end),
    ],
  };
}

/** One that stops in its bootloader. */
const panicked = (id: string, at: number, reason: string): Told => ({
  id,
  at,
  events: [
    after(0, started(id)),
    after(0.1, attachment(id, 'console recording', 'console.cast', { detail: true })),
    after(0.1, attachment(id, 'registers', 'registers.txt')),
    after(0.2, { type: 'phase', cell: id, phase: 'firmware', seconds: 0, evidence: 'power-on' }),
    after(1, { type: 'phase', cell: id, phase: 'bootloader', seconds: 1, evidence: 'GNU GRUB' }),
    after(
      20,
      finished(id, {
        verdict: 'failed',
        code: 'grub-failed',
        phase: 'bootloader',
        reason,
        access: null,
        evidence: 'error: no such device: gone',
      }),
    ),
  ],
});

/** A line each two seconds; the sixth is what went wrong. */
const cast = (failure: string): string =>
  [
    JSON.stringify({ version: 2, width: 80, height: 24, title: 'console' }),
    ...[...Array.from({ length: 5 }, (_, index) => `line ${index}`), failure, 'and after it'].map(
      (text, index) => JSON.stringify([index * 2, 'o', `${text}\r\n`]),
    ),
  ].join('\n');

const summaryOf = (id: string): CellSummary => {
  const [format = '', arch = '', firmware = '', medium = ''] = id.split('.');
  return { id, format, arch, firmware, medium, image: `/images/${format}.img` };
};

/** The first cell differs from the others, and all from an earlier run. */
function comparisonOf(cells: readonly Told[], said: string): Comparison {
  const [first = '', ...others] = cells.map(({ id }) => id);
  const name = said === '' ? 'sshd.service' : said;
  return {
    trends: null,
    across: {
      level: 'warn',
      cells: cells.length,
      notes: [],
      drifts: [
        {
          arch: 'x86_64',
          part: 'units',
          groups: [others, [first]],
          hasMost: others.length > 1,
          names: [{ name, values: [said === '' ? 'active' : said, null] }],
        },
      ],
    },
    against: {
      baseline: 'before',
      levels: defaultLevels,
      notes: [],
      changes: [
        {
          kind: 'exposure',
          what: 'sockets',
          name,
          before: null,
          after: 'tcp 8080',
          cells: [first, ...others],
        },
      ],
    },
  };
}

/**
 * Writes the reports of a run of these cells.
 * @returns the HTML report's path.
 */
function writeRun(out: string, cells: readonly Told[], options: WriteOptions, said: string): string {
  const events: EventBody[] = [];
  const at: number[] = [];
  const tell = (seconds: number, event: EventBody): void => void (events.push(event), at.push(seconds));
  tell(0, {
    type: 'run-started',
    version: '1.2.3',
    command: ['--images', 'images', said === '' ? '--accel=tcg' : said],
    host: { platform: 'linux', arch: 'x64', cpus: 2, memoryMiB: 8192, node: 'v24.0.0' },
    contract: said === '' ? 'mine' : said,
    accelerator: { x86_64: { name: 'tcg', reason: said === '' ? 'no KVM here' : said, slowness: 1 } },
    qemu: { x86_64: said === '' ? 'QEMU emulator version 10.0.0' : said },
    cells: cells.map(({ id }) => summaryOf(id)),
  });
  const all = cells.flatMap(({ at: zero, events: own }) =>
    own.map(({ after: seconds, ...event }) => [zero + seconds, event as EventBody] as const),
  );
  for (const [seconds, event] of all.toSorted(([a], [b]) => a - b)) tell(seconds, event);
  if (said !== '') tell(99, { type: 'notice', level: 'error', text: said });
  tell(99, { type: 'compared', ...comparisonOf(cells, said) });
  tell(100, { type: 'run-finished', exitCode: 1, interrupted: false, seconds: 100, cpuSeconds: 1 });
  const recorded = events.map((event, index): RunEvent =>
    Object.assign({ time: '2026-01-01T00:00:00.000Z', at: at[index] ?? 0 }, event),
  );
  for (const { id } of cells) {
    const directory = path.join(out, 'cells', id);
    mkdirSync(directory, { recursive: true });
    const text = said === '' ? 'error: no such device: gone' : said;
    writeFileSync(path.join(directory, 'console.cast'), cast(text));
    for (const name of ['screen.png', 'screen-kernel.png']) writeFileSync(path.join(directory, name), png);
    for (const name of ['qemu.sh', 'serial.log', 'registers.txt'])
      writeFileSync(path.join(directory, name), `${name} ${said}\n`);
  }
  const record = fold(recorded);
  writeReports(record, out, options);
  return path.join(out, 'index.html');
}

/** Three cells: one passed, one whose check failed, one that did not boot. */
export function writeReport(out: string, options: WriteOptions = {}): string {
  const reason = 'sshd let a stranger in: `permitemptypasswords yes`';
  const result = check('sshd', {
    verdict: 'failed',
    reason,
    evidence: [{ action: 'sshd -T', observed: 'port 22\npermitemptypasswords yes\n', access: 'serial' }],
  });
  return writeRun(
    out,
    [
      booted(passed, 0, check('sshd'), finished(passed)),
      booted(
        failedCheck,
        20,
        result,
        finished(failedCheck, { verdict: 'failed', reason: `sshd: ${reason}` }),
      ),
      panicked(failedBoot, 40, 'stuck in GRUB: `error: no such device: gone`'),
    ],
    options,
    '',
  );
}

/** A guest, and an image, that say the worst in each field that a report tells. */
export function writeHostileReport(out: string): string {
  const id = 'evil.x86_64.bios.disk';
  const result = check(hostile, {
    verdict: 'failed',
    reason: hostile,
    code: hostile,
    evidence: [{ action: hostile, observed: hostile, access: 'serial' }],
    file: hostile,
  });
  const told = booted(id, 0, result, finished(id, { verdict: 'failed', reason: hostile, evidence: hostile }));
  const worse = told.events.map((event) => {
    switch (event.type) {
      case 'phase':
        return { ...event, evidence: hostile };
      case 'access':
        return { ...event, user: hostile };
      case 'check-started':
        return { ...event, check: hostile };
      case 'command':
        return { ...event, command: hostile, output: hostile, user: hostile };
      case 'keys':
        return { ...event, keys: hostile };
      case 'qmp':
        return { ...event, event: hostile, data: hostile };
      case 'cell-started':
        return { ...event, argv: [hostile] };
      case 'attachment':
        return { ...event, name: hostile, shows: hostile };
      default:
        return event;
    }
  });
  return writeRun(
    out,
    [{ ...told, events: worse }, panicked(hostile.replaceAll(/[/\0]/g, '_').slice(0, 120), 30, hostile)],
    {},
    hostile,
  );
}
