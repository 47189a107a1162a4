/** A large run as it would be recorded: real consoles, and as much of everything else as a cell of the reference matrix has. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CellSummary, CheckResult, EventBody, RunEvent } from '../harness/events.ts';

const corpus = join(import.meta.dirname, '../test/corpus/console');
const checks = ['autologin', 'flakes', 'keyboard', 'power', 'sshd'];
/** A cell of the reference matrix says so much on its console, in bytes, in so many frames. */
const consoleBytes = 90_000;
const frames = 900;
const commands = 25;
const cellSeconds = 110;

/** Writes the files of so many cells below `out`; the events of their run. */
export function recordCells(out: string, amount: number): RunEvent[] {
  const logs = readdirSync(corpus)
    .filter((name) => name.startsWith('reference-') && name.endsWith('.log'))
    .map((name) => readFileSync(join(corpus, name), 'utf8'));
  const ids = Array.from({ length: amount }, (_, index) => `qemu.x86_64.bios.disk.repeat-${index + 1}`);
  const bodies = ids.flatMap((id, index) => {
    const directory = join(out, 'cells', id);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'console.cast'), castOf(logs, index));
    writeFileSync(join(directory, 'qemu.sh'), `#!/bin/sh\n${argv.join(' \\\n  ')}\n`);
    return cellEvents(id, index % 10 === 0);
  });
  const first: EventBody = {
    type: 'run-started',
    version: '0.1.0',
    command: ['--repeat-each', String(amount)],
    host: { platform: 'linux', arch: 'x64', cpus: 64, memoryMiB: 262_144, node: process.version },
    contract: 'reference',
    accelerator: { x86_64: { name: 'kvm', reason: 'kvm booted a test guest', slowness: 1 } },
    qemu: { x86_64: 'QEMU emulator version 10.0.0' },
    cells: ids.map((id): CellSummary => ({
      id,
      format: 'qemu',
      arch: 'x86_64',
      firmware: 'bios',
      medium: 'disk',
      image: '/images/nixos.qcow2',
    })),
  };
  const last: EventBody = {
    type: 'run-finished',
    exitCode: 1,
    interrupted: false,
    seconds: amount * 2,
    cpuSeconds: 60,
  };
  return [first, ...bodies, last].map((body, index, all): RunEvent => {
    const at = (index / all.length) * amount * 2;
    return Object.assign({ time: '2026-01-01T00:00:00.000Z', at }, body);
  });
}

const argv = [
  'qemu-system-x86_64',
  ...Array.from({ length: 70 }, (_, index) => `-device=virtio-${index},bus=pci.0`),
];

/** Real lines, each cell's its own: where and when differ from boot to boot. */
function castOf(logs: readonly string[], cell: number): string {
  const text = Array.from({ length: 4 }, (_, part) => logs[(cell + part) % logs.length] ?? '')
    .join('')
    .slice(0, consoleBytes)
    .replace(/\d{3}(?=\])/g, (digits) =>
      String((Number(digits) * 7919 + cell * 104_729) % 1000).padStart(3, '0'),
    );
  const step = Math.ceil(text.length / frames);
  const lines = Array.from({ length: frames }, (_, frame) =>
    JSON.stringify([
      Number(((frame / frames) * cellSeconds + (cell % 97) / 1000).toFixed(3)),
      'o',
      text.slice(frame * step, (frame + 1) * step).replaceAll('\n', '\r\n'),
    ]),
  );
  return `${[JSON.stringify({ version: 2, width: 160, height: 48, title: 'console' }), ...lines].join('\n')}\n`;
}

function cellEvents(cell: string, isBroken: boolean): EventBody[] {
  const attach = (name: string, file: string): EventBody => ({
    type: 'attachment',
    cell,
    name,
    path: `cells/${cell}/${file}`,
  });
  const phases = ['firmware', 'bootloader', 'kernel', 'initrd', 'userspace', 'login', 'shell'] as const;
  return [
    { type: 'cell-started', cell, attempt: 1, cpus: 2, memoryMiB: 1536, argv },
    attach('serial log', 'serial.log'),
    attach('boots this machine by hand', 'qemu.sh'),
    attach('console recording', 'console.cast'),
    ...phases.flatMap((phase, index): EventBody[] => [
      { type: 'phase', cell, phase, seconds: index * 8, evidence: `the first line of ${phase}` },
      attach(`screen at ${phase}`, `screen-${phase}.png`),
    ]),
    { type: 'access', cell, access: 'serial', seconds: 58, user: 'root' },
    ...checks.flatMap((name, index) => checkEvents(cell, name, isBroken && index === 4)),
    attach('screenshot', 'screen.png'),
    {
      type: 'cell-finished',
      cell,
      attempts: 1,
      verdict: isBroken ? 'failed' : 'passed',
      phase: 'shell',
      reason: isBroken
        ? 'sshd: expected root to be let in with the promised key, got: Permission denied'
        : '',
      seconds: cellSeconds,
      cpuSeconds: 80,
      access: 'serial',
    },
  ];
}

const checkEvents = (cell: string, name: string, isBroken: boolean): EventBody[] => {
  const command = (one: number): EventBody => ({
    type: 'command',
    cell,
    command: `${name} ${one}\n${'part of a script; '.repeat(10)}`,
    access: 'serial',
    user: 'root',
    seconds: 0.5,
    status: 0,
    output: `an answer of ${cell}\n`.repeat(15),
  });
  const ran = Array.from({ length: commands / checks.length }, (_, one) => command(one));
  const keys: EventBody = { type: 'keys', cell, keys: 'i d ret', seconds: 0.4 };
  const result = resultOf(name, isBroken);
  return [
    { type: 'check-started', cell, check: name },
    ...ran,
    keys,
    { type: 'check-finished', cell, result },
  ];
};

const resultOf = (name: string, isBroken: boolean): CheckResult => ({
  name,
  verdict: isBroken ? 'failed' : 'passed',
  reason: isBroken ? 'expected root to be let in with the promised key, got: Permission denied' : '',
  seconds: 8,
  access: ['serial'],
  evidence: Array.from({ length: 4 }, (_, one) => ({
    action: `${name} ${one}`,
    observed: 'a line of what was seen there\n'.repeat(6),
    access: 'serial' as const,
  })),
  file: `scenarios/${name}.ts`,
});
