import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { dir as tmpDir, type DirectoryResult } from 'tmp-promise';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Cell } from '../matrix/cell.ts';
import { chooseAccelerator } from './accelerator.ts';
import { prepareMachine } from './prepare.ts';
import { reproduceScript } from './reproduce.ts';
import { startMachine } from './start.ts';
import { qemuBinary } from './version.ts';

let scratch: DirectoryResult;

beforeEach(async () => {
  scratch = await tmpDir({ prefix: 'machine', unsafeCleanup: true });
});

afterEach(() => scratch.cleanup());

/** A machine whose disk is empty: its firmware says so on serial, and stays. */
async function emptyCell(): Promise<Cell> {
  const path = join(scratch.path, 'empty disk.img');
  await writeFile(path, Buffer.alloc(1024 * 1024));
  return {
    id: 'raw.x86_64.uefi.disk',
    format: 'raw',
    arch: 'x86_64',
    firmware: 'uefi',
    medium: 'disk',
    diskBus: 'sata',
    memoryMiB: 256,
    diskMiB: 1,
    image: {
      kind: 'disk',
      path,
      files: [path],
      arch: 'x86_64',
      driver: 'raw',
      virtualSize: 1024 * 1024,
      table: 'none',
      boots: { bios: false, uefi: [] },
    },
  };
}

const firmwareSaysSo = 'failed to load Boot0001';

test.each(['x86_64', 'aarch64'] as const)(
  '%s: emulation is proven, hardware is proven or refused',
  async (arch) => {
    const places = { cacheDir: join(scratch.path, 'cache'), scratch: scratch.path };
    const tcg = await chooseAccelerator(arch, 'tcg', places);
    expect(tcg.slowness).toBeGreaterThan(0);

    const best = await chooseAccelerator(arch, 'auto', places);
    const hardware = process.platform === 'darwin' ? 'hvf' : 'kvm';
    if (best.name === 'tcg') {
      expect(best.reason).toContain(`${hardware} is unusable: `);
      await expect(chooseAccelerator(arch, hardware, places)).rejects.toMatchObject({
        code: 'accelerator-unusable',
      });
    } else {
      expect(best.slowness).toBeLessThan(tcg.slowness);
    }
  },
);

test('the end of its terminal ends QEMU: nothing else has to survive a kill -9 of the harness', async () => {
  const cell = await emptyCell();
  const directory = join(scratch.path, 'm');
  await mkdir(directory);
  const { description } = await prepareMachine(cell, { scratch: directory, cpus: 1, accelerator: 'tcg' });
  const program = `
    import { startMachine } from ${JSON.stringify(pathToFileURL(join(import.meta.dirname, 'start.ts')))};
    const machine = await startMachine(${JSON.stringify(description)});
    console.log(machine.pid);
    setInterval(() => {}, 1000);
  `;
  const harness = execa(process.execPath, ['--input-type=module', '-e', program], { reject: false });
  const [pid] = await harness
    .iterable()
    .next()
    .then(({ value }) => [Number(value)]);
  expect(existsSync(`/proc/${pid}`)).toBe(true);
  harness.kill('SIGKILL');
  await harness;
  while (existsSync(`/proc/${pid}`)) await sleep(20);
});

test('qemu.sh boots the same machine after the run’s files are gone, and cleans up', async () => {
  const cell = await emptyCell();
  const directory = join(scratch.path, 'm');
  await mkdir(directory);
  const { description } = await prepareMachine(cell, { scratch: directory, cpus: 1, accelerator: 'tcg' });
  const machine = await startMachine(description);
  await new Promise<void>((resolve) => {
    let heard = '';
    machine.onSerial((data) => {
      heard += Buffer.from(data).toString();
      if (heard.includes(firmwareSaysSo)) resolve();
    });
  });
  await machine.stop();

  const script = join(scratch.path, 'qemu.sh');
  await writeFile(script, reproduceScript(description, await qemuBinary('x86_64')));
  await execa('rm', ['-r', directory]);
  const temporary = join(scratch.path, 'tmp');
  await mkdir(temporary);
  const byHand = execa('sh', [script], { cwd: '/', env: { TMPDIR: temporary }, stdin: 'pipe' });
  for await (const line of byHand) if (line.includes(firmwareSaysSo)) byHand.stdin.write('\x01x');
  await byHand;
  expect(await readdir(temporary)).toEqual([]);
});
