import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { makeWorld, readEventLog, readSummary, startCli, untilNothingIsLeft } from './cli.ts';
import { bareContract } from './contract.ts';
import { netbootSet } from './media.ts';
import { stubEnvironment } from './stub-qemu/environment.ts';

const id = 'netboot.x86_64.bios.pxe';

/** Runs a silent netboot image, whose kernel can be started directly. */
async function runSilent(behaviour: string, ...args: string[]) {
  const world = await makeWorld({ ownCache: true });
  const image = join(world.path, 'netboot');
  await netbootSet(image);
  const contractFile = join(world.path, 'contract.json');
  await writeFile(contractFile, JSON.stringify(bareContract()));
  const run = await startCli(
    world,
    [id, '--accel', 'tcg', '--contract', contractFile, ...args, '--images', image],
    { env: stubEnvironment(behaviour) },
  );
  const told = (await readEventLog(world)).filter(({ type }) => type === 'explanation');
  return { world, told, ...run };
}

test('a silent boot that failed is done once more for the reason; the verdict is the first one', async () => {
  const { world, told, exitCode, stdout } = await runSilent('panics-unheard');
  await using _ = world;
  expect(exitCode, String(stdout)).toBe(1);
  const sentence =
    'explained by a second boot, with its kernel started directly and told to speak on serial: kernel panic: VFS: Unable to mount root fs';
  const shown = expect.stringMatching(new RegExp(`^${sentence}`));
  expect(told).toMatchObject([
    {
      cell: id,
      rung: 'kernel',
      outcome: 'explained',
      sentence: shown,
      phase: 'kernel',
      directory: `cells/${id}/explanation`,
      evidence: expect.stringContaining('Kernel panic - not syncing'),
    },
  ]);
  const [cell] = (await readSummary(world)).cells;
  expect(cell).toMatchObject({
    verdict: 'failed',
    code: 'guest-panicked',
    phase: 'firmware',
    reason: 'the guest reported a kernel panic (pvpanic) in phase firmware',
    explanation: { rung: 'kernel', outcome: 'explained', sentence: shown, phase: 'kernel' },
  });
  const log = (...path: string[]) => readFile(join(world.out, 'cells', id, ...path, 'serial.log'), 'utf8');
  expect(await log()).toBe('');
  expect(await log('explanation')).toContain('Kernel panic - not syncing');
  expect(await readdir(join(world.out, 'cells', id, 'explanation'))).toEqual(
    expect.arrayContaining(['qemu.sh', 'screen.png', 'serial.log']),
  );
  expect(String(stdout)).toMatch(
    new RegExp(`^FAIL ${id} .*the guest reported a kernel panic .*; explained by a second boot`, 'm'),
  );
  const junit = join(world.out, 'junit.xml');
  const property = await execa('xmllint', [
    '--xpath',
    'string(//property[@name="explanation"]/@value)',
    junit,
  ]);
  expect(property.stdout).toEqual(shown);
  const failures = await execa('xmllint', ['--xpath', 'string(//failure)', junit]);
  expect(failures.stdout).toContain('explained by a second boot');
  await untilNothingIsLeft(world);
});

test('one that says nothing in the second boot either is told so, once', async () => {
  const { world, told } = await runSilent('panics-mute');
  await using _ = world;
  expect(told).toMatchObject([
    { outcome: 'unexplained', sentence: expect.stringMatching(/did not say why either: the guest reported/) },
  ]);
  expect((await readSummary(world)).cells).toMatchObject([{ verdict: 'failed', code: 'guest-panicked' }]);
});

test('what the host does to a second boot changes no verdict', async () => {
  const { world, told, exitCode } = await runSilent('panics-unheard-then-crashes');
  await using _ = world;
  expect({ exitCode, told }).toEqual({ exitCode: 1, told: [] });
  const { cells, notices } = await readSummary(world);
  expect(cells).toMatchObject([{ verdict: 'failed', code: 'guest-panicked' }]);
  expect(notices).toContainEqual({
    level: 'info',
    text: expect.stringMatching(/why it failed could not be found out by a second boot: .*QEMU was killed/),
  });
});

test.each([
  ['with --no-explain', 'panics-unheard', ['--no-explain']],
  ['where its kernel spoke', 'panics-in-silence', []],
  ['where the host failed', 'crashes', ['--retries', '0']],
])('there is no second boot %s', async (_what, behaviour, args) => {
  const { world, told } = await runSilent(behaviour, ...args);
  await using _ = world;
  expect(told).toEqual([]);
  expect((await readSummary(world)).notices).toEqual([]);
});
