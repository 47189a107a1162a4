/** The real command line as people type it, against guests that the stub plays. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { cliPath, makeWorld, readEventLog, readSummary, startCli } from './cli.ts';
import { cellsByBehaviour, prepareStubRun, startStubRun } from './stub-run.ts';

const verdicts = async (run: Parameters<typeof cellsByBehaviour>[0]) =>
  Object.fromEntries(
    Object.entries(await cellsByBehaviour(run)).map(([name, { verdict, code }]) => [name, [verdict, code]]),
  );

/** What is said on standard error; nothing may have been booted or printed. */
async function refusal(args: readonly string[]): Promise<string> {
  await using world = await makeWorld({ ownCache: true });
  const { exitCode, stdout, stderr } = await startCli(world, args);
  expect({ exitCode, stdout }, String(stderr)).toEqual({ exitCode: 2, stdout: '' });
  return String(stderr).replaceAll(world.path, '<world>');
}

test('near misses are answered with what was meant', async () => {
  const slips = {
    lisst:
      "'lisst' is no command, and no cell of the reference images has it in its id; did you mean 'list'?",
    '--chek': "unknown option '--chek' (Did you mean --check?); see --help.",
    '--accel=kvn': "--accel takes one of auto, kvm, hvf, tcg; got 'kvn' (did you mean 'kvm'?).",
    '--check=shd':
      "--check takes the name of a check, one of system, network, users, commands, console, flakes, sshd, autologin, keyboard, power, digests, file-names, ipxe-script, fallback-loader, file-sizes; got 'shd' (did you mean 'sshd'?).",
    '--contract=referense':
      "There is no contract 'referense': expected one of nixos-images, nix-community, per-host-iso, lilith, reference, or the path of a JSON file (did you mean 'reference'?).",
  };
  for (const [typed, said] of Object.entries(slips)) expect(await refusal([typed])).toBe(said);
  expect(await refusal(['completion', 'fissh'])).toBe(
    "completion takes one shell of bash, zsh, fish; got 'fissh --out <world>/out' (did you mean 'fish'?).",
  );
  expect(await refusal(['--global-timeout', 'soon'])).toBe(
    "--global-timeout takes a time such as 90s, 30m or 2h; got 'soon'.",
  );
});

test('a filter that selects nothing is told what it may be a slip of', async () => {
  const run = await prepareStubRun(['boots']);
  await using world = run.world;
  const { exitCode, stderr } = await startCli(world, ['raw.x86_64.boss.disk', '--list', ...run.args]);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr:
      '"raw.x86_64.boss.disk": expected a filter that selects a cell, got one that selects none; choose from raw.x86_64.bios.disk (did you mean \'raw.x86_64.bios.disk\'?).',
  });
});

test('list and report are --list and --report-only, and plan says what is expected', async () => {
  const run = await prepareStubRun(['boots']);
  await using world = run.world;
  const listed = await startCli(world, ['list', ...run.args]);
  expect(listed).toMatchObject({ exitCode: 0, stdout: 'raw.x86_64.bios.disk', stderr: '' });
  const before = await startCli(world, ['plan', '--json', ...run.args]);
  expect(JSON.parse(String(before.stdout))).toEqual({
    include: [{ cell: 'raw.x86_64.bios.disk', seconds: null, memoryMiB: 1536 }],
  });
  const ran = await startCli(world, ['test', 'raw', ...run.args], { env: run.env });
  expect(ran.exitCode, String(ran.stderr)).toBe(0);
  const after = await startCli(world, ['plan', ...run.args]);
  expect(after.stdout).toMatch(
    /^raw\.x86_64\.bios\.disk {2}[\d.]+ s {2}1536 MiB\n\n1 cell to boot, 1 of them timed/,
  );

  const summary = await readFile(join(world.out, 'summary.json'), 'utf8');
  await writeFile(join(world.out, 'summary.json'), 'lost');
  expect(await startCli(world, ['report'])).toMatchObject({ exitCode: 0 });
  expect(await readFile(join(world.out, 'summary.json'), 'utf8')).toBe(summary);
  expect(await startCli(world, ['report', 'raw'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("expected no FILTER, got 'raw'"),
  });
});

test('--last-failed runs what failed and what was never begun, and then what is left of that', async () => {
  const run = await prepareStubRun(['boots', 'panics', 'dies']);
  await using world = run.world;
  expect(await startStubRun(run)).toMatchObject({ exitCode: 1 });
  // A run that was killed before it came to a cell.
  const log = join(world.out, 'events.jsonl');
  const lines = (await readFile(log, 'utf8')).split('\n');
  const kept = lines.filter((line) => !line.includes('dies') || line.includes('"run-started"'));
  await writeFile(log, kept.join('\n'));

  const again = await startStubRun({ ...run, args: ['--last-failed', ...run.args], env: run.env });
  expect(again.exitCode).toBe(1);
  expect((await readSummary(world)).cells.map(({ id }) => id.replace(/.*guest\d+-/, ''))).toEqual([
    'panics-1',
    'dies-2',
  ]);
  const mended = { ...run.env, STUB_QEMU: 'boots' };
  expect(await startStubRun({ ...run, args: ['--last-failed', ...run.args] }, { env: mended })).toMatchObject(
    { exitCode: 0 },
  );
  const done = await startStubRun({ ...run, args: ['--last-failed', ...run.args] });
  expect({ exitCode: done.exitCode, stdout: done.stdout, stderr: done.stderr }).toEqual({
    exitCode: 0,
    stdout: '',
    stderr: `--last-failed: nothing failed in the run of ${world.out}, so there is nothing to run again`,
  });
});

test('-x ends the run at the first failure: what runs is stopped, what waits is not begun', async () => {
  const run = await prepareStubRun(['panics', 'hangs', 'boots']);
  await using world = run.world;
  // Two at once, and the third waits.
  const { exitCode } = await startCli(world, ['-x', '-j', '2', '--retries', '0', ...run.args], {
    env: { ...run.env, STUB_QEMU: 'hangs panics-0=panics' },
  });
  expect(exitCode).toBe(1);
  const told = await verdicts(run);
  expect(told['panics']).toEqual(['failed', 'kernel-panic']);
  expect(told['hangs']).toEqual(['error', 'max-failures']);
  expect(told['boots']).toEqual(['skipped', 'max-failures']);
  expect((await readSummary(world)).interrupted).toBe(false);
});

test('--global-timeout ends the run with reports, and what was not done keeps the gate shut', async () => {
  const run = await prepareStubRun(['hangs', 'silent']);
  await using world = run.world;
  const { exitCode } = await startCli(world, ['--global-timeout', '8s', '-j', '1', ...run.args], {
    env: run.env,
  });
  expect(exitCode).toBe(3);
  expect(await verdicts(run)).toEqual({
    hangs: ['error', 'global-timeout'],
    silent: ['error', 'global-timeout'],
  });
});

test('--check runs these checks only, and every report says so', async () => {
  const run = await prepareStubRun(['boots']);
  await using world = run.world;
  const { exitCode, stdout } = await startCli(
    world,
    ['--retries', '0', ...run.args, '--check', 'autologin', 'flakes', 'autologin'],
    { env: run.env },
  );
  expect(exitCode).toBe(0);
  expect(String(stdout).match(/, only autologin flakes of its checks/g)).toHaveLength(2);
  const { cells, ...summary } = await readSummary(world);
  expect(summary).toMatchObject({ checks: ['autologin', 'flakes'] });
  expect(cells[0]?.checks.map(({ name }) => name)).toEqual(['flakes', 'autologin']);
  const junit = await readFile(join(world.out, 'junit.xml'), 'utf8');
  expect(junit).toContain('<property name="checks" value="autologin flakes"/>');
  expect((await readEventLog(world)).filter(({ type }) => type === 'check-started')).toHaveLength(2);
});

test('--quiet prints what went wrong and the sum', async () => {
  const run = await prepareStubRun(['boots', 'panics']);
  await using _ = run.world;
  const { stdout, stderr } = await startStubRun({ ...run, args: ['--quiet', ...run.args] });
  expect(stderr).toBe('');
  expect(stdout).not.toContain('guest0-boots-0');
  expect(stdout).toMatch(/guest1-panics-1[^]*Unable to mount root fs[^]*2 cells: 1 passed, 1 failed in/);
});

test('bash, zsh and fish complete commands, options and values', async () => {
  const script = async (shell: string) =>
    String((await execa(process.execPath, [cliPath, 'completion', shell])).stdout);
  const typed = {
    'do-nothing': '',
    compl: 'completion',
    '--acc': '--accel',
    '--accel t': 'tcg',
    'completion f': 'fish',
  };
  const bash = await script('bash');
  const fish = await script('fish');
  for (const [line, expected] of Object.entries(typed)) {
    const words = ['boot-matrix', ...line.split(' ')];
    const { stdout } = await execa('bash', [
      '-c',
      `${bash}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); _boot_matrix; echo "\${COMPREPLY[*]}"`,
      'bash',
      ...words,
    ]);
    expect(String(stdout), line).toBe(expected);
    if (expected === '') continue;
    const offered = await execa('fish', ['--no-config', '-c', `${fish}\ncomplete -C 'boot-matrix ${line}'`]);
    expect(
      String(offered.stdout)
        .split('\n')
        .map((one) => one.split('\t')[0]),
    ).toContain(expected);
  }
  // That it is read, that it knows the command, and that bash's function is one of zsh's, too.
  const { stdout } = await execa('zsh', [
    '-fc',
    `${await script('zsh')}\necho $_comps[boot-matrix]; COMP_WORDS=(boot-matrix --accel t); echo $+functions[_boot_matrix]`,
  ]);
  expect(String(stdout)).toBe('_bash_complete -o default -F _boot_matrix\n1');
});

test('the shards of a run, one of them empty, are merged to one report', async () => {
  const run = await prepareStubRun(['boots', 'panics']);
  await using world = run.world;
  const whole = await startCli(world, ['list', ...run.args]);
  const plan = await startCli(world, ['plan', '--shards', '3', '--json', ...run.args]);
  const { include } = JSON.parse(String(plan.stdout)) as { include: { shard: string; cells: string }[] };
  expect(include.map(({ cells }) => cells)).toEqual([...String(whole.stdout).split('\n'), '']);
  const codes: unknown[] = [];
  const outs: string[] = [];
  for (const { shard } of include) {
    const out = join(world.path, `shard-${shard[0]}`);
    outs.push(out);
    // The same history for each, as in jobs that share a cache.
    const env = { ...run.env, XDG_CACHE_HOME: join(world.path, `cache-${shard[0]}`) };
    codes.push(
      (await startCli({ ...world, out }, ['--shard', shard, '--retries', '0', ...run.args], { env }))
        .exitCode,
    );
  }
  expect(codes).toEqual([0, 1, 0]);

  const missing = await startCli(world, ['merge', ...outs.slice(1)]);
  expect(missing).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: expect.stringContaining('got none of 1/3'),
  });
  const merged = await startCli(world, ['merge', '--json', ...outs]);
  expect(merged.exitCode, String(merged.stderr)).toBe(1);
  const { cells } = JSON.parse(String(merged.stdout)) as Awaited<ReturnType<typeof readSummary>>;
  expect(cells.map(({ verdict }) => verdict)).toEqual(['passed', 'failed']);
  for (const { id } of cells) await readFile(join(world.out, 'cells', id, 'serial.log'));
  // The next plan on this host knows how long they took.
  const next = await startCli(world, ['plan', '--shards', '1', ...run.args]);
  expect(next.stdout).toMatch(/^1\/1 {2}2 cells to boot, 2 of them timed/);
  // What was merged is a run as any other.
  const again = await startCli(world, ['report', '--json']);
  expect({ exitCode: again.exitCode, stdout: again.stdout }).toEqual({ exitCode: 1, stdout: merged.stdout });
});
