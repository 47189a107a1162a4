/**
 * A program that stands in for qemu-system-* in tests of the whole harness: it takes the command line that we build,
 * reports in on the QMP socket, and plays a guest on its stdio. `environment.ts` puts it on a test's PATH.
 *
 * Variables: `STUB_QEMU` chooses what the guests do (`behaviours.ts`): `boots`, or rules such as
 * `boots .uefi.=panics`, where the last rule whose text is part of the machine's name (the cell's id) holds, or
 * `as-labelled`, where each does what the label at the end of its name says.
 * `STUB_USERNET` has it name other ports as the forwarded one: a word for each time that it is asked, the last for all
 * later ones; `-` is the truth.
 * `STUB_VERSION` is the version that it tells, @default 99.0.0
 * `STUB_NODE` is the node that runs this, @default the one on PATH.
 *
 * What it does for real: the pid file, QMP (`quit`, `stop`, `cont`, `query-status`,
 * `system_powerdown`, `set_password`, `display-update`, `query-vnc-servers` (a port on which nothing listens), a monitor for a
 * person that repeats what it is told and knows `quit`, `input-send-event`, `query-blockstats`, `screendump`, `info usernet`), a TCP server behind each forwarded port, and a shell: commands that the "guest" is
 * given run on this host as the user who runs the tests.
 */

import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArguments } from './arguments.ts';
import type { Behaviour } from './behaviour.ts';
import { behaviourOf } from './behaviours.ts';
import { type Forward, forwardPorts, usernet } from './forward.ts';
import { Guest } from './guest.ts';
import { connectMonitor } from './monitor.ts';
import { picture, screen } from './picture.ts';

const machine = parseArguments(process.argv.slice(2));

if (machine.version) {
  process.stdout.write(`QEMU emulator version ${process.env['STUB_VERSION'] ?? '99.0.0'} (stub)\n`);
} else if (machine.monitor === undefined) {
  // The accelerator's probe: BIOS calls done, processor ready, calibration done.
  process.stdout.write('BLD');
  setInterval(() => {}, 1000);
} else {
  const rules = process.env['STUB_QEMU'] ?? 'boots';
  await run(machine.monitor, behaviourOf(machine.name, rules, countStart(machine.monitor)));
}

const misdirections = process.env['STUB_USERNET']?.split(' ') ?? [];

/** What `STUB_USERNET` has it say instead of the truth. */
function misdirect(forward: Forward): Forward {
  const [word = '-'] = misdirections.length > 1 ? misdirections.splice(0, 1) : misdirections;
  return word === '-' ? forward : { ...forward, hostPort: Number(word) };
}

/** How often this machine was started before in this run, by a file in the scratch directory of the whole run. */
function countStart(socket: string): number {
  const file = join(dirname(dirname(socket)), `${machine.name}.starts`);
  const starts = existsSync(file) ? readFileSync(file).length : 0;
  appendFileSync(file, '.');
  return starts;
}

/** Serves the monitor of a person. */
function listenForPersons(path: string): void {
  createServer((socket) => {
    socket.write('(qemu) ');
    socket.on('error', () => {});
    createInterface({ input: socket }).on('line', (line) => {
      if (line === 'quit') process.exit(0);
      socket.write(`${line}\r\n(qemu) `);
    });
  }).listen(path);
}

async function run(socket: string, behaviour: Behaviour): Promise<void> {
  if (behaviour.dies !== undefined) {
    process.stderr.write(`qemu-system: ${behaviour.dies}\n`);
    process.exit(1);
  }
  const forwarded = await forwardPorts(machine.forwardedPorts, behaviour.serve);
  if (machine.pidFile !== undefined) writeFileSync(machine.pidFile, `${process.pid}\n`);
  process.on('exit', () => machine.pidFile !== undefined && rmSync(machine.pidFile, { force: true }));

  if (machine.personsMonitor !== undefined) listenForPersons(machine.personsMonitor);
  if (behaviour.monitor === 'absent') return;

  let status = 'prelaunch';
  const screens = [...(behaviour.screens ?? [])];
  const commands = {
    cont() {
      if (status === 'prelaunch') setImmediate(() => void behaviour.play(guest));
      status = behaviour.status ?? 'running';
    },
    stop() {
      status = 'paused';
    },
    quit() {
      if (behaviour.ignoresQuit === true) return;
      monitor.event('SHUTDOWN', { guest: false, reason: 'host-qmp-quit' });
      setImmediate(() => process.exit(0));
    },
    system_powerdown() {
      setImmediate(() => monitor.event('SHUTDOWN', { guest: true, reason: 'guest-shutdown' }));
    },
    set_password() {},
    'display-update'() {},
    'query-vnc-servers': () => [{ id: 'screen', server: [{ service: '5999' }] }],
    'query-status': () => ({ status, running: status === 'running' }),
    'input-send-event'({ events }: Record<string, unknown>) {
      for (const { data } of events as { data: { down?: boolean; key?: { data: string } } }[])
        if (data.down === true && data.key !== undefined) guest.onKey?.(data.key.data);
    },
    'query-blockstats': () => [{ stats: { rd_operations: behaviour.diskAccesses ?? 0, wr_operations: 0 } }],
    screendump({ filename, format }: Record<string, unknown>) {
      const lines = format === 'png' ? undefined : screens[0];
      if (format !== 'png' && screens.length > 1) screens.shift();
      writeFileSync(String(filename), lines === undefined ? picture() : screen(lines));
    },
    'human-monitor-command': ({ 'command-line': line }: Record<string, unknown>) =>
      line === 'info usernet' ? usernet(forwarded.map(misdirect)) : (behaviour.registers ?? ''),
  };
  const monitor = connectMonitor(socket, behaviour.monitor === 'mute' ? null : commands);
  const guest = new Guest(monitor, machine.kernelOptions);
}
