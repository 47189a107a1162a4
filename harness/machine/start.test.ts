import { setTimeout as sleep } from 'node:timers/promises';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { dir as tmpDir, type DirectoryResult } from 'tmp-promise';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { stubEnvironment } from '../../test/stub-qemu/environment.ts';
import { HostError } from '../errors.ts';
import type { MachineDescription } from './board/description.ts';
import type { Machine, QmpEvent } from './machine.ts';
import { startMachine } from './start.ts';

let scratch: DirectoryResult;
let machine: Machine | undefined;

beforeEach(async () => {
  scratch = await tmpDir({ prefix: 'start-test', unsafeCleanup: true });
});

afterEach(async () => {
  await machine?.stop();
  machine = undefined;
  await scratch.cleanup();
  vi.unstubAllEnvs();
});

function describe(behaviour: string): MachineDescription {
  for (const [name, value] of Object.entries(stubEnvironment(behaviour))) vi.stubEnv(name, value);
  return {
    id: 'qemu.x86_64.bios.disk',
    arch: 'x86_64',
    accelerator: 'tcg',
    cpus: 1,
    memoryMiB: 64,
    drives: [],
    forwardedPorts: [22],
    paths: {
      qmp: join(scratch.path, 'qmp.sock'),
      serialLog: join(scratch.path, 'serial.log'),
      pidFile: join(scratch.path, 'qemu.pid'),
      stderr: join(scratch.path, 'qemu.stderr'),
    },
  };
}

async function start(behaviour: string, options?: { signal?: AbortSignal }): Promise<Machine> {
  machine = await startMachine(describe(behaviour), options);
  return machine;
}

/** Resolves with all that was heard once it holds a text. */
function hear(from: Machine, text: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let heard = '';
  const stop = from.onSerial((data) => {
    heard += Buffer.from(data).toString();
    if (heard.includes(text)) resolve(heard);
  });
  void promise.then(stop);
  return promise;
}

const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}`);

test('the serial port speaks both ways, byte for byte as in QEMU’s log', async () => {
  const guest = await start('boots');
  const heard = hear(guest, 'sum=42');
  guest.write('echo sum=$((6 * 7))\n');
  const text = await heard;
  expect(text).toContain('automatic login');
  await guest.stop();
  const log = await readFile(guest.description.paths.serialLog, 'utf8');
  expect(log.startsWith(text.slice(0, 400))).toBe(true);
  expect(text).not.toContain('\r\r\n');
});

test('what was said before anybody listened is not lost', async () => {
  const guest = await start('hangs');
  while (!(await readFile(guest.description.paths.serialLog, 'utf8')).includes('Command line'))
    await sleep(5);
  expect(await hear(guest, 'Command line')).toMatch(/^BdsDxe: loading/);
});

test('events, refused commands and the screen', async () => {
  const guest = await start('panics');
  const event = await new Promise<QmpEvent>((resolve) => void guest.onQmpEvent(resolve));
  expect(event).toEqual({ event: 'GUEST_PANICKED', data: { action: 'run' } });
  await expect(guest.qmp('no-such-command')).rejects.toThrow(
    'QEMU refused no-such-command: The command no-such-command has not been found.',
  );
  const filename = join(scratch.path, 'screen.png');
  await guest.qmp('screendump', { filename, format: 'png' });
  expect((await readFile(filename)).subarray(1, 4).toString()).toBe('PNG');
});

test('a forwarded port leads to the guest', async () => {
  const guest = await start('boots');
  const socket = connect(await guest.hostPort(22), '127.0.0.1');
  const [banner] = (await socket.toArray()) as Buffer[];
  expect(String(banner)).toMatch(/^SSH-2\.0-/);
  await expect(guest.hostPort(80)).rejects.toThrow('forwards no host port');
});

test('a QEMU that dies at its start is the host’s fault and says why', async () => {
  const started = startMachine(describe('dies'));
  await expect(started).rejects.toThrow(HostError);
  await expect(started).rejects.toMatchObject({
    code: 'qemu-died',
    message:
      'QEMU ended with exit code 1 before the machine ran; it said: qemu-system: could not open disk image: stubbed',
    transient: false,
  });
});

test.each([
  ['exits', { code: 0, signal: null }],
  ['crashes', { code: null, signal: 6 }],
])('a QEMU that %s is seen, with the last bytes it wrote', async (behaviour, exit) => {
  const guest = await start(behaviour);
  const heard = hear(guest, 'Command line: console=ttyS0');
  expect(await guest.exited).toMatchObject(exit);
  await heard;
  await expect(guest.qmp('query-status')).rejects.toMatchObject({ code: 'qmp-lost' });
  expect(await guest.stop()).toMatchObject(exit);
});

test('CPU time is kept beyond the end', async () => {
  const guest = await start('boots');
  await guest.stop();
  expect(guest.cpuSeconds()).toBeGreaterThan(0);
});

test('stop ends a guest that floods its port', async () => {
  const guest = await start('floods');
  await hear(guest, 'y\r\ny\r\n');
  await guest.stop();
  expect(isAlive(guest.pid)).toBe(false);
  expect((await stat(guest.description.paths.serialLog)).size).toBeGreaterThan(0);
});

test('stop kills a QEMU that does not answer', async () => {
  const guest = await start('boots');
  process.kill(guest.pid, 'SIGSTOP');
  const [first, second] = await Promise.all([guest.stop(), guest.stop()]);
  expect(first).toMatchObject({ code: null, signal: 9 });
  expect(second).toBe(first);
  expect(isAlive(guest.pid)).toBe(false);
});

test('an abort ends it while it starts, and leaves one that runs to its caller', async () => {
  const running = new AbortController();
  const guest = await start('boots', { signal: running.signal });
  running.abort();
  expect(await guest.qmp('query-status')).toMatchObject({ running: true });

  const starting = new AbortController();
  const started = startMachine(describe('boots'), { signal: starting.signal });
  starting.abort(new Error('enough'));
  await expect(started).rejects.toThrow('enough');
});
