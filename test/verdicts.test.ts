import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { writeHaltingDisk } from './boot-sector.ts';
import { makeWorld, readEventLog, readSummary, startCli, untilNothingIsLeft } from './cli.ts';
import { bareContract } from './contract.ts';
import { stubEnvironment } from './stub-qemu/environment.ts';
import { cellsByBehaviour, prepareStubRun, startStubRun } from './stub-run.ts';

/** The real command line, with guests that do what a test needs. */
async function runStub(behaviour: string, ...args: string[]) {
  const world = await makeWorld({ ownCache: true });
  const image = join(world.path, 'guest.img');
  await writeHaltingDisk(image);
  const contractFile = join(world.path, 'contract.json');
  await writeFile(contractFile, JSON.stringify(bareContract()));
  const result = await startCli(
    world,
    [...args, '--accel', 'tcg', '--contract', contractFile, '--images', image],
    { env: stubEnvironment(behaviour) },
  );
  return { world, ...result };
}

test.each([
  ['panics', 1, 'failed', /^kernel panic: VFS: Unable to mount root fs/],
  ['panics-on-screen', 1, 'failed', /^kernel panic: VFS: Unable to mount root fs/],
  ['powers-off', 1, 'failed', /the guest powered itself off in phase kernel/],
  ['reboots', 1, 'failed', /the machine resets itself in phase \w+ \(\d times\)/],
  ['dies', 3, 'error', /QEMU ended with exit code 1 before the machine ran; it said: .*could not open/],
  ['crashes', 3, 'error', /QEMU was killed by signal/],
  ['exits', 3, 'error', /QEMU ended with exit code 0/],
])('a guest that %s: exit code %i, verdict %s, and why', async (behaviour, exitCode, verdict, reason) => {
  const { world, ...run } = await runStub(behaviour);
  await using _ = world;
  expect(run.exitCode, String(run.stderr)).toBe(exitCode);
  expect(run.stderr).toBe('');
  const { cells } = await readSummary(world);
  expect(cells).toMatchObject([{ id: 'raw.x86_64.bios.disk', verdict }]);
  expect(cells[0]?.reason).toMatch(reason);
  const junit = join(world.out, 'junit.xml');
  const kind = verdict === 'failed' ? 'failure' : 'error';
  const { stdout } = await execa('xmllint', ['--xpath', `count(//${kind})`, junit]);
  expect(Number(stdout)).toBe(1);
  await untilNothingIsLeft(world);
});

test('what was read off a screen is kept, in order, and says where lines may be missing', async () => {
  const { world } = await runStub('panics-on-screen');
  await using _ = world;
  const { cells } = await readSummary(world);
  const log = await readFile(join(world.out, 'cells', cells[0]?.id ?? '', 'screen.log'), 'utf8');
  const said = log.split('\n').map((line) => /^(?:\[[^\]]+\] )?(.{0,20})/.exec(line)?.[1]);
  expect(said).toEqual([
    'Linux version 6.12.0',
    'x86/fpu: x87 FPU',
    '(lines may be missin',
    'Kernel panic - not s',
    '---[ end Kernel pani',
    '',
  ]);
});

test('what the host failed is tried again: a pass is flaky then, and every attempt is told', async () => {
  const { world, stdout, ...run } = await runStub('crashes-then-boots');
  await using _ = world;
  // The guest kept its contract on a machine that lived: no reason to refuse the image.
  expect(run.exitCode, String(stdout)).toBe(0);
  const { cells } = await readSummary(world);
  expect(cells).toMatchObject([
    {
      verdict: 'flaky',
      reason: expect.stringMatching(/^passed in attempt 2 only; attempt 1: QEMU was killed by signal 6/),
      earlier: [{ attempt: 1, verdict: 'error', code: 'qemu-killed', phase: 'kernel' }],
    },
  ]);
  const told = (await readEventLog(world)).filter(({ type }) => /^(cell|attempt)-/.test(type));
  expect(told.map(({ type }) => type)).toEqual([
    'cell-started',
    'attempt-finished',
    'cell-started',
    'cell-finished',
  ]);
  const directory = join(world.out, 'cells', cells[0]?.id ?? '');
  const logs = ['attempt-1/serial.log', 'serial.log'].map((file) => readFile(join(directory, file), 'utf8'));
  const [first, second] = await Promise.all(logs);
  expect(first).not.toContain('automatic login');
  expect(second).toContain('automatic login');
  const xpath = 'count(//testcase[@name="boot"]/flakyError) + 10 * count(//error | //failure)';
  const junit = await execa('xmllint', ['--xpath', xpath, join(world.out, 'junit.xml')]);
  expect(Number(junit.stdout)).toBe(1);
  expect(String(stdout)).toMatch(/^RETRY raw\.x86_64\.bios\.disk .* QEMU was killed by signal 6/m);
});

test.each([
  ['crashes', [], 2],
  ['crashes', ['--retries', '0'], 1],
  ['crashes', ['--retries', '3'], 4],
  ["what QEMU refuses is no matter of luck: 'dies'", [], 1],
  ["a guest's verdict stands: 'panics'", [], 1],
  ["with no machine beside it there will be no more memory: 'lacks-memory'", [], 1],
])('%s with %j: %i attempts', async (what, args, attempts) => {
  const { world, stdout } = await runStub(/'([\w-]+)'$/.exec(what)?.[1] ?? what, ...args);
  await using _ = world;
  const ended = (await readEventLog(world)).find(({ type }) => type === 'cell-finished');
  expect(ended, String(stdout)).toMatchObject({ attempts });
  expect((await readSummary(world)).cells[0]?.earlier).toHaveLength(attempts - 1);
});

test("the guest's verdict in a retry is the cell's", async () => {
  const { world, exitCode } = await runStub('crashes-then-panics');
  await using _ = world;
  expect(exitCode).toBe(1);
  expect((await readSummary(world)).cells).toMatchObject([{ verdict: 'failed', earlier: [{ attempt: 1 }] }]);
  const junit = await execa('xmllint', ['--xpath', 'count(//rerunError)', join(world.out, 'junit.xml')]);
  expect(Number(junit.stdout)).toBe(1);
});

test('plain output without a terminal, the summary on stdout with --json', async () => {
  const { world, stdout, stderr } = await runStub('panics', '--json');
  await using _ = world;
  expect(JSON.parse(String(stdout))).toEqual(
    JSON.parse(await readFile(join(world.out, 'summary.json'), 'utf8')),
  );
  const lines = String(stderr)
    .replaceAll(/\d+\.\d s/g, '<n> s')
    .split('\n');
  expect(lines).toContain('START raw.x86_64.bios.disk');
  expect(lines.some((line) => line.startsWith('FAIL raw.x86_64.bios.disk <n> s no access'))).toBe(true);
  // A path or a reason on a line of its own is not cut; what is laid out keeps to 80 columns.
  const free = /^(FAIL|x86_64:|  serial log:|  screenshot:|  again:|Report:)/;
  expect(lines.filter((line) => line.length > 80 && !free.test(line))).toEqual([]);
  expect(String(stderr)).not.toContain('\u001b');
});

test('--list boots nothing; --json prints an array of cells', async () => {
  const { world, stdout, stderr, exitCode } = await runStub('dies', '--list', '--json');
  await using _ = world;
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(JSON.parse(String(stdout))).toEqual([
    {
      id: 'raw.x86_64.bios.disk',
      format: 'raw',
      arch: 'x86_64',
      firmware: 'bios',
      medium: 'disk',
      image: join(world.path, 'guest.img'),
    },
  ]);
  expect(await readEventLog(world)).toEqual([]);
});

test('a shell that answers on serial is a way in; what the contract leaves open is skipped with that reason', async () => {
  const { world } = await runStub('boots');
  await using _ = world;
  const access = (await readEventLog(world)).find((event) => event.type === 'access');
  expect(access).toMatchObject({ cell: 'raw.x86_64.bios.disk', access: 'serial' });
  const { cells } = await readSummary(world);
  const skipped = cells[0]?.checks.filter(({ verdict }) => verdict === 'skipped');
  expect(skipped?.map(({ name, reason }) => [name, reason.startsWith('the contract promises no')])).toEqual([
    ['flakes', true],
    ['sshd', true],
    ['keyboard', true],
    ['power', true],
  ]);
});

test('the journal of a guest that breaks its contract is in its report', async () => {
  const run = await prepareStubRun(['boots'], {
    autologin: { screen: null, serial: { default: 'somebody-else' } },
  });
  await using world = run.world;
  expect((await startStubRun(run)).exitCode).toBe(1);
  const cells = await cellsByBehaviour(run);
  expect(cells['boots']).toMatchObject({
    verdict: 'failed',
    reason: expect.stringMatching(/^autologin: on serial expected somebody-else/),
  });
  const journal = `cells/${cells['boots']?.id}/journal.log`;
  expect(await readFile(join(world.out, journal), 'utf8')).toBe('[    2.000000] stub[1]: the journal\n');
  const attached = (await readEventLog(world)).filter((event) => event.type === 'attachment');
  expect(attached.filter(({ name }) => name === 'journal')).toMatchObject([{ path: journal }]);
});
