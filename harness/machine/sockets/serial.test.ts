import { closeSync, existsSync, openSync, readFileSync, truncateSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { dir as tmpDir, type DirectoryResult } from 'tmp-promise';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SerialLog } from './serial.ts';
import { startOnTerminal, type TerminalProcess } from '../process/terminal.ts';

let scratch: DirectoryResult;
let log: string;
let qemu: TerminalProcess | undefined;

beforeEach(async () => {
  scratch = await tmpDir({ prefix: 'serial', unsafeCleanup: true });
  log = join(scratch.path, 'serial.log');
});
afterEach(async () => {
  qemu?.kill('SIGKILL');
  await qemu?.exited;
  await scratch.cleanup();
});

/** What stands in for QEMU: a shell that writes to its output; what it types on its terminal nobody may hear. */
function run(script: string): {
  serial: SerialLog;
  heard: () => string;
  until: (text: string) => Promise<void>;
} {
  const serial = new SerialLog(log);
  let heard = '';
  let stir = (): void => {};
  serial.onData((data) => {
    heard += Buffer.from(data).toString('latin1');
    stir();
  });
  qemu = startOnTerminal('/bin/sh', ['-c', script], { stderr: join(scratch.path, 'stderr'), stdout: log });
  void qemu.exited.then(() => serial.finish());
  const until = (text: string): Promise<void> =>
    new Promise((resolve) => {
      stir = () => heard.includes(text) && resolve();
      stir();
    });
  return { serial, heard: () => heard, until };
}

const ended = async (serial: SerialLog): Promise<void> => {
  await qemu?.exited;
  await serial.finish();
};

describe('what a serial port says', () => {
  it('is what the log says, in its order, whatever the terminal says', async () => {
    const { serial, heard } = run(
      'for i in $(seq 2000); do echo "line $i"; echo "noise $i" >/dev/tty; done; printf "\\377\\000end"',
    );
    await ended(serial);
    const lines = Array.from({ length: 2000 }, (_, index) => `line ${index + 1}\n`).join('');
    expect(heard()).toBe(`${lines}\xff\0end`);
    expect(heard()).toBe(readFileSync(log, 'latin1'));
  });

  it('comes as it is written, byte by byte and after a silence', async () => {
    const { heard, until } = run('printf a; read -r _; printf b; read -r _; printf c; sleep 1000');
    await until('a');
    qemu?.write('\n');
    await until('ab');
    qemu?.write('\n');
    await until('abc');
    expect(heard()).toBe('abc');
  });

  it('is whole where QEMU is killed half-way', async () => {
    const { serial, heard, until } = run('seq 1000; while :; do echo flood; done');
    await until('flood');
    qemu?.kill('SIGKILL');
    await ended(serial);
    expect(heard()).toBe(readFileSync(log, 'latin1'));
  });

  it('is kept for a listener that comes late, and after the end', async () => {
    const serial = new SerialLog(log);
    qemu = startOnTerminal('/bin/echo', ['before'], { stderr: join(scratch.path, 'stderr'), stdout: log });
    await ended(serial);
    let heard = '';
    serial.onData((data) => (heard += Buffer.from(data).toString()));
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard).toBe('before\n');
  });

  it('goes on where somebody emptied the log', async () => {
    const { heard, until } = run('echo much to say; read -r _; echo more; sleep 1000');
    await until('say\n');
    truncateSync(log);
    qemu?.write('\n');
    await until('more\n');
    expect(heard()).toBe('much to say\nmore\n');
  });

  it('goes on where somebody removed the log', async () => {
    const { heard, until } = run('echo first; read -r _; echo second; sleep 1000');
    await until('first\n');
    await rm(log);
    qemu?.write('\n');
    await until('second\n');
    expect(heard()).toBe('first\nsecond\n');
    expect(existsSync(log)).toBe(false);
  });

  it('never waits for us: a busy harness loses and doubles nothing', async () => {
    const { serial, heard } = run('seq 100000');
    const busyUntil = performance.now() + 300;
    while (performance.now() < busyUntil);
    await ended(serial);
    expect(heard()).toBe(Array.from({ length: 100_000 }, (_, index) => `${index + 1}\n`).join(''));
  });

  it('cannot be heard where the log cannot be made', () => {
    expect(() => new SerialLog(join(scratch.path, 'no', 'serial.log'))).toThrow(
      expect.objectContaining({ code: 'serial-log', message: expect.stringContaining('ENOENT') }),
    );
  });

  it('is heard without a watch, which a file without a name does not get', async () => {
    const { heard, until } = run(`echo first; rm '${log}'; read -r _; echo second; sleep 1000`);
    await until('first\n');
    qemu?.write('\n');
    await until('second\n');
    expect(heard()).toBe('first\nsecond\n');
  });
});

describe('typing', () => {
  it('arrives in order, also where it is read late', async () => {
    const text = Array.from({ length: 20_000 }, (_, index) => `${index}`.padStart(6, '0')).join('');
    const { serial, heard, until } = run(`echo ready; sleep 0.3; head -c ${text.length}`);
    await until('ready\n');
    for (let at = 0; at < text.length; at += 997) qemu?.write(text.slice(at, at + 997));
    await ended(serial);
    expect(heard()).toBe(`ready\n${text}`);
  });

  it('is bounded where nobody reads, and ends with the terminal', async () => {
    const { until } = run('echo ready; sleep 1000');
    await until('ready\n');
    let taken = 0;
    while (qemu?.write(Buffer.alloc(10_000, 'x')) === true) taken += 10_000;
    expect(taken).toBeLessThan(1_000_000);
    qemu?.kill('SIGKILL');
    qemu?.write('into the void');
    await qemu?.exited;
    expect(qemu?.write('into the void')).toBe(false);
    // Its number is free for another file: nothing may be written there.
    const file = join(scratch.path, 'other');
    const fds = Array.from({ length: 20 }, () => openSync(file, 'w'));
    qemu?.write('into a file');
    expect(readFileSync(file, 'utf8')).toBe('');
    for (const fd of fds) closeSync(fd);
  });
});
