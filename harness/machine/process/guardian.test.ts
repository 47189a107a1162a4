import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { dir as tmpDir, type DirectoryResult } from 'tmp-promise';
import { beforeEach, expect, test } from 'vitest';
import { startGuardian } from './guardian.ts';

let scratch: DirectoryResult;

beforeEach(async () => {
  scratch = await tmpDir({ unsafeCleanup: true });
});

/** A process whose command line may name its pid file, as QEMU's does. */
async function run(
  pidFile: string,
  mention: string,
): Promise<{ result: Promise<{ signal: unknown }>; pid: number; end(): void }> {
  const child = execa('sh', ['-c', 'read -r _', mention], { stdin: 'pipe', reject: false });
  await mkdir(join(pidFile, '..'), { recursive: true });
  await writeFile(pidFile, `${child.pid}\n`);
  return {
    result: child.then(({ signal }) => ({ signal })),
    pid: child.pid ?? 0,
    end: () => child.stdin.end(),
  };
}

test('kills what its pid files name, even when it is stopped, and removes the directory', async () => {
  const guardian = await startGuardian(scratch.path);
  const pidFile = join(scratch.path, 'a cell', 'qemu.pid');
  const qemu = await run(pidFile, pidFile);
  process.kill(qemu.pid, 'SIGSTOP');
  await guardian.release();
  expect(await qemu.result).toEqual({ signal: 'SIGKILL' });
  expect(existsSync(scratch.path)).toBe(false);
});

test('leaves a process alone that got the id of a QEMU that is gone', async () => {
  const guardian = await startGuardian(scratch.path);
  const stranger = await run(join(scratch.path, 'cell', 'qemu.pid'), 'something else');
  await guardian.release();
  stranger.end();
  expect((await stranger.result).signal).toBeUndefined();
});

test('bad pid files do no harm', async () => {
  const guardian = await startGuardian(scratch.path);
  await writeFile(join(scratch.path, 'qemu.pid'), '-1\n');
  await writeFile(join(scratch.path, 'b.pid'), '; touch /nowhere');
  await guardian.release();
  expect(existsSync(scratch.path)).toBe(false);
});
