import { chmod, copyFile, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dir as tmpDir, type DirectoryResult } from 'tmp-promise';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { stubEnvironment } from '../../test/stub-qemu/environment.ts';
import { chooseAccelerator } from './accelerator.ts';

let place: DirectoryResult;
/** What the QEMUs of a test did, a line each. */
let trace: string;

beforeEach(async () => {
  place = await tmpDir({ unsafeCleanup: true });
  trace = join(place.path, 'trace');
  await writeFile(trace, '');
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await place.cleanup();
});

/** Puts a program on PATH as QEMU, which tells its version like one. */
async function install(body: string): Promise<string> {
  const binary = join(place.path, 'qemu-system-x86_64');
  const version = '[ "$1" = --version ] && echo QEMU emulator version 7.2.0 && exit';
  await writeFile(binary, `#!/bin/sh\n${version}\necho "$@" >>${trace}\n${body}\n`);
  await chmod(binary, 0o755);
  vi.stubEnv('PATH', `${place.path}:${process.env['PATH']}`);
  return binary;
}

const choose = (requested: 'auto' | 'kvm' | 'tcg'): ReturnType<typeof chooseAccelerator> =>
  chooseAccelerator('x86_64', requested, { cacheDir: join(place.path, 'cache'), scratch: place.path });

const boots = async (): Promise<number> => (await readFile(trace, 'utf8')).split('\n').length - 1;

test('the stub passes for a QEMU', async () => {
  for (const [name, value] of Object.entries(stubEnvironment())) vi.stubEnv(name, value);
  expect(await choose('tcg')).toEqual({ name: 'tcg', reason: 'tcg booted a test guest.', slowness: 0.1 });
});

test('proven once for each boot of the host and each QEMU', async () => {
  const binary = await install('printf BLD; exec sleep 60');
  await choose('tcg');
  await choose('tcg');
  expect(await boots()).toBe(1);
  await utimes(binary, 1, 1);
  await choose('tcg');
  expect(await boots()).toBe(2);
});

test('a cache that cannot be written costs another proof and no run', async () => {
  await install('printf BLD; exec sleep 60');
  const places = { cacheDir: '/dev/null/cache', scratch: place.path };
  expect(await chooseAccelerator('x86_64', 'tcg', places)).toMatchObject({ name: 'tcg' });
});

test('a QEMU that does not run is tried again', async () => {
  await install('echo "no such machine" >&2; exit 1');
  const message =
    'For x86_64 guests tcg is unusable: its test guest did not reach long mode when QEMU ended (no such machine).';
  await expect(choose('tcg')).rejects.toMatchObject({ code: 'accelerator-unusable', message });
  await install('printf BLD; exec sleep 60');
  expect((await choose('tcg')).name).toBe('tcg');
});

test('nothing is left behind but the proof', async () => {
  await install('printf BLD; exec sleep 60');
  await choose('tcg');
  expect((await readdir(place.path)).toSorted()).toEqual(['cache', 'qemu-system-x86_64', 'trace']);
  expect(await readdir(join(place.path, 'cache'))).toEqual(['accelerator-x86_64.json']);
});

test('a proof that cannot be read is made again', async () => {
  await install('printf BLD; exec sleep 60');
  await choose('tcg');
  await copyFile(trace, join(place.path, 'cache/accelerator-x86_64.json'));
  expect((await choose('tcg')).name).toBe('tcg');
});
