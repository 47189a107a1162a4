import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  makeWorld,
  processesOf,
  readEventLog,
  readSummary,
  startCli,
  untilEvent,
  untilNothingIsLeft,
  type World,
} from './cli.ts';
import { writeHaltingDisk } from './boot-sector.ts';

/** Runs a machine that never gets further than its bootloader, and does `end` to it then; resolves when the run has ended. */
async function endHaltingRun(
  world: World,
  end: (harness: ReturnType<typeof startCli>) => Promise<void> | void,
) {
  const image = join(world.path, 'halts.img');
  await writeHaltingDisk(image);
  const harness = startCli(world, ['--images', image, '--accel', 'tcg', '--retries', '0']);
  await untilEvent(world, (event) => event.type === 'phase' && event.phase === 'bootloader');
  await end(harness);
  return harness;
}

const qemuPid = async (world: World): Promise<number> => {
  const qemus = await processesOf(world);
  expect(qemus.filter((line) => line.includes('-name guest='))).toHaveLength(1);
  const started = (await readEventLog(world)).find((event) => event.type === 'cell-started');
  const pidFile = started?.argv[started.argv.indexOf('-pidfile') + 1] ?? '';
  return Number(await readFile(pidFile, 'utf8'));
};

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(`${signal} ends in order: exit code 130, reports written, nothing left`, async () => {
    await using world = await makeWorld({ ownCache: false });
    const { exitCode } = await endHaltingRun(world, (harness) => void harness.kill(signal));
    expect(exitCode).toBe(130);
    const { cells, interrupted } = await readSummary(world);
    expect(interrupted).toBe(true);
    expect(cells).toMatchObject([{ verdict: 'error', phase: 'bootloader' }]);
    expect(cells[0]?.reason).toMatch(/interrupted/i);
    await untilNothingIsLeft(world);
  });
}

test('kill -9 of the harness leaves no QEMU and no scratch file, and what was seen is in the event log', async () => {
  await using world = await makeWorld({ ownCache: false });
  await endHaltingRun(world, (harness) => void harness.kill('SIGKILL'));
  await untilNothingIsLeft(world);
  expect((await readEventLog(world)).map(({ type }) => type)).toContain('phase');
});

test("kill -9 of a QEMU is the host's fault: verdict error, exit code 3, nothing left", async () => {
  await using world = await makeWorld({ ownCache: false });
  const { exitCode } = await endHaltingRun(
    world,
    async () => void process.kill(await qemuPid(world), 'SIGKILL'),
  );
  expect(exitCode).toBe(3);
  const { cells } = await readSummary(world);
  expect(cells).toMatchObject([{ verdict: 'error', phase: 'bootloader' }]);
  expect(cells[0]?.reason).toContain('signal 9');
  await untilNothingIsLeft(world);
});

test('a QEMU that was stopped (SIGSTOP) does not survive kill -9 of the harness', async () => {
  await using world = await makeWorld({ ownCache: false });
  await endHaltingRun(world, async (harness) => {
    process.kill(await qemuPid(world), 'SIGSTOP');
    harness.kill('SIGKILL');
  });
  await untilNothingIsLeft(world);
  expect(await processesOf(world)).toEqual([]);
});
