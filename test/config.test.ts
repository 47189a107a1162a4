/** `boot.config.ts` and checks of one's own, by the real command line over guests that the stub plays. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { userInfo } from 'node:os';
import { expect, test } from 'vitest';
import { writeHaltingDisk } from './boot-sector.ts';
import { type World, makeWorld, readEventLog, readSummary, startCli, untilNothingIsLeft } from './cli.ts';
import { bareContract } from './contract.ts';
import { stubEnvironment } from './stub-qemu/environment.ts';

const me = JSON.stringify(userInfo().username);
const contract = JSON.stringify(bareContract(userInfo().username));

interface Project {
  /** What else the config says. */
  config?: string;
  /** The body of a check called `mine`, whose need is `needs`. */
  body: string;
  needs?: string;
  /** More checks, as entries of a list. */
  more?: string;
  behaviour?: string;
  args?: string[];
}

/** A project with an image, a config and a check of its own in a file, run as its owner runs it. */
async function runProject({
  config = '',
  body,
  needs = '',
  more = '',
  behaviour = 'boots',
  args = [],
}: Project) {
  const world = await makeWorld({ ownCache: true });
  await writeHaltingDisk(join(world.path, 'guest.img'));
  await writeFile(
    join(world.path, 'mine.ts'),
    `import { scenario } from 'boot-matrix';
export default scenario('mine', { needs: [${needs}] }, async ({ guest, expect, note, contract }) => {
${body}
});
void ${me};`,
  );
  await writeFile(
    join(world.path, 'boot.config.ts'),
    `import { defineConfig, scenario } from 'boot-matrix';
import mine from './mine.ts';
void scenario;
export default defineConfig({ images: ['guest.img'], contract: ${contract}, scenarios: [mine, ${more}], accel: 'tcg', retries: 0, ${config} });`,
  );
  const result = await startCli(world, args, { env: stubEnvironment(behaviour), cwd: world.path });
  return { world, ...result };
}

async function mine(world: World) {
  const { cells } = await readSummary(world);
  const events = await readEventLog(world);
  const [told] = events.flatMap((event) =>
    event.type === 'check-finished' && event.result.name === 'mine' ? [event.result] : [],
  );
  return { cell: cells[0], check: cells[0]?.checks.find(({ name }) => name === 'mine'), told };
}

test('a config in the working directory: its image is booted, its check runs', async () => {
  const { world, ...run } = await runProject({
    body: `  const { status, output } = await guest.run('echo hello', { as: ${me} });
  expect(status).toBe(0);
  expect(output).toBe('hello');
  expect(contract.name).toBe('bare');
  note({ action: 'think', observed: 'all is well' });`,
  });
  await using _ = world;
  expect(run.exitCode, `${run.stdout}${run.stderr}`).toBe(0);
  const { check, told } = await mine(world);
  expect(check).toMatchObject({ verdict: 'passed', reason: '', access: ['serial'] });
  expect(told).toMatchObject({
    file: 'mine.ts',
    evidence: [{ action: expect.stringContaining('echo hello'), observed: 'hello' }, { action: 'think' }],
  });
  await untilNothingIsLeft(world);
});

test.each([
  [
    'an assertion',
    "expect((await guest.run('echo inactive', { as: " + me + " })).output).toBe('active');",
    1,
    {
      verdict: 'failed',
      code: 'assertion',
      reason: "expected 'inactive' to be 'active' // Object.is equality",
    },
    /^mine\.ts:3\nExpected: "active"\nReceived: "inactive"$/,
  ],
  [
    'a verb',
    "await guest.waitForText('never', { timeoutSeconds: 0.1 });",
    1,
    {
      verdict: 'failed',
      code: 'text-timeout',
      reason: 'expected never on the console within 0.1 s, got none',
    },
    /./,
  ],
  [
    'its own defect',
    '(undefined as any).no();',
    3,
    { verdict: 'error', code: 'check-threw', reason: expect.stringMatching(/^mine\.ts:3: TypeError: /) },
    /TypeError/,
  ],
  [
    'a verb whose need it does not name',
    "await guest.type('x');",
    3,
    { verdict: 'error', code: 'undeclared-need', reason: expect.stringContaining("expected 'keys'") },
    null,
  ],
])('a check that ends by %s', async (_, body, exitCode, result, evidence) => {
  const { world, ...run } = await runProject({ body });
  await using __ = world;
  expect(run.exitCode, `${run.stdout}${run.stderr}`).toBe(exitCode);
  const { told } = await mine(world);
  expect(told).toMatchObject(result);
  if (evidence !== null) expect(told?.evidence.at(-1)?.observed).toMatch(evidence);
  await untilNothingIsLeft(world);
});

test('a check that waits for ever ends by its own limit', async () => {
  const { world, ...run } = await runProject({
    body: 'await new Promise(() => {});',
    needs: '], timeoutSeconds: 0.2, readOnly: true, needs: [',
  });
  await using _ = world;
  expect(run.exitCode, `${run.stdout}${run.stderr}`).toBe(3);
  expect((await mine(world)).told).toMatchObject({ verdict: 'error', code: 'check-timeout' });
});

test('a check that switches the machine off leaves nothing to those that come after it', async () => {
  const { world, ...run } = await runProject({
    body: 'expect((await guest.power.pressButton()).deed).toBe("off");',
    needs: "'power'",
    more: "scenario('after', { needs: ['power'] }, async () => {})",
  });
  await using _ = world;
  expect(run.exitCode, `${run.stdout}${run.stderr}`).toBe(3);
  const { cell, check } = await mine(world);
  expect(check).toMatchObject({ verdict: 'passed' });
  expect(cell?.checks.find(({ name }) => name === 'after')).toMatchObject({
    verdict: 'error',
    reason: 'the check mine switched the machine off before this one',
  });
});

test('a check that needs a medium is skipped where there is none to pull', async () => {
  const { world, ...run } = await runProject({
    body: 'await guest.withoutMedium(async () => {});',
    needs: "'medium'",
  });
  await using _ = world;
  expect(run.exitCode, `${run.stdout}${run.stderr}`).toBe(0);
  expect((await mine(world)).told).toMatchObject({ verdict: 'skipped' });
});

const known = (until: string, check = 'mine'): string =>
  `known: [{ cell: 'raw.*', check: '${check}', because: 'https://example.org/7', until: '${until}' }]`;

test.each([
  ['fails', known('9999-12-31'), 'expect(1).toBe(2);', 0, 'known', /; known until 9999-12-31: https:/],
  [
    'fails and the date is over',
    known('2020-12-31'),
    'expect(1).toBe(2);',
    1,
    'failed',
    /it was known until 2020/,
  ],
  ['passes', known('9999-12-31'), '', 1, 'failed', /^it passes, though it is known to fail/],
  ['is broken itself', known('9999-12-31'), 'throw new Error("no");', 3, 'error', /^mine\.ts:3: Error: no/],
])('a known failure whose check %s', async (_, config, body, exitCode, verdict, reason) => {
  const { world, ...run } = await runProject({ config, body });
  await using __ = world;
  expect(run.exitCode, `${run.stdout}${run.stderr}`).toBe(exitCode);
  const { cell, check } = await mine(world);
  expect(check).toMatchObject({ verdict, reason: expect.stringMatching(reason) });
  expect(cell?.verdict).toBe(verdict);
});

test('a boot that is known to fail does not fail the gate', async () => {
  const config = known('9999-12-31', 'boot');
  const { world, ...run } = await runProject({ config, body: '', behaviour: 'panics' });
  await using _ = world;
  expect(run.exitCode, `${run.stdout}${run.stderr}`).toBe(0);
  expect((await mine(world)).cell).toMatchObject({
    verdict: 'known',
    reason: expect.stringContaining('VFS'),
  });
});

test('the command line wins over the config, and a pass that needed a retry fails where that is asked for', async () => {
  const { world, ...run } = await runProject({
    body: '',
    behaviour: 'crashes-then-boots',
    config: 'failOnFlaky: true',
    args: ['--retries', '1'],
  });
  await using _ = world;
  expect(run.exitCode, `${run.stdout}${run.stderr}`).toBe(1);
  expect((await mine(world)).cell).toMatchObject({ verdict: 'flaky' });
});

test('a wrong config is bad input: nothing boots', async () => {
  const { world, ...run } = await runProject({ body: '', config: 'repeatEach: 0' });
  await using _ = world;
  expect(run.exitCode).toBe(2);
  expect(String(run.stderr)).toMatch(/boot\.config\.ts is wrong at repeatEach: .*, got 0\.$/m);
});
