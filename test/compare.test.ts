import { mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { partNames } from '../harness/inventory.ts';
import type { Contract } from '../scenarios/contracts/contract.ts';
import { cliPath, readEventLog, startCli, untilNothingIsLeft, type World } from './cli.ts';
import { faultOfJunit } from './junit-schema.ts';
import { stubEnvironment } from './stub-qemu/environment.ts';
import { prepareStubRun, startStubRun } from './stub-run.ts';

/** Guests that the stub plays are this host, which other tests change: only its kernel is compared. */
const kernelOnly: Partial<Contract> = {
  mayDiffer: partNames
    .filter((part) => part !== 'kernel')
    .map((part) => ({ part, name: '*', why: 'the host is not still' })),
  differences: { drift: 'fail', settings: 'ignore', exposure: 'ignore', failedUnits: 'ignore' },
};

const run = (world: World, ...args: string[]) =>
  execa(process.execPath, [cliPath, ...args], {
    reject: false,
    stdin: 'ignore',
    cwd: world.path,
    env: world.env,
  });

test('a cell with another kernel than the others is drift: told in every report, exit code 1', async () => {
  const stub = await prepareStubRun(['boots', 'boots', 'has-another-kernel'], kernelOnly);
  const { world } = stub;
  await using _ = world;
  const { exitCode, stderr, stdout } = await startStubRun(stub);
  expect(stderr).toBe('');
  expect(String(stdout).replaceAll(/\s+/g, ' ')).toContain(
    'DIFFERS x86_64 kernel: raw.x86_64.bios.disk.guest2-has-another-kernel-2 differs from',
  );
  expect(exitCode).toBe(1);
  const { comparison } = JSON.parse(await readFile(join(world.out, 'summary.json'), 'utf8')) as {
    comparison: { across: { drifts: object[] } };
  };
  expect(comparison.across.drifts).toMatchObject([
    { part: 'kernel', hasMost: true, groups: [expect.any(Array), [expect.stringMatching(/another-kernel/)]] },
  ]);
  const junit = await readFile(join(world.out, 'junit.xml'), 'utf8');
  expect(faultOfJunit(junit)).toBe('');
  expect(junit).toMatch(/<testsuite name="across formats"[^>]* failures="1"/);
  expect((await readEventLog(world)).map(({ type }) => type).slice(-2)).toEqual(['compared', 'run-finished']);

  // The same reports say the same without a boot, and a contract that ignores it lets it pass.
  const again = await run(world, 'compare', world.out, world.out, '--contract', stub.args[3] ?? '');
  expect(again.stdout).toContain('DIFFERS x86_64 kernel');
  expect(again.stdout).toMatch(/3 cells compared: 1 difference, refused$/);
  expect(again.exitCode).toBe(1);
  const lenient = join(world.path, 'lenient.json');
  const contract = JSON.parse(await readFile(stub.args[3] ?? '', 'utf8')) as Contract;
  await writeFile(lenient, JSON.stringify({ ...contract, differences: { drift: 'ignore' } }));
  const ignored = await run(world, 'compare', world.out, world.out, '--contract', lenient, '--markdown');
  expect(ignored).toMatchObject({ exitCode: 0, stderr: '' });
  expect(ignored.stdout).toContain('## Boot matrix: nothing differs');
  await untilNothingIsLeft(world);
});

/** What is no file of ours in another way than by its content. */
async function makeBad(name: string, path: string): Promise<void> {
  if (name === 'pipe') await execa('mkfifo', [path]);
  if (name.startsWith('directory')) await mkdir(path);
  if (name === 'directory-of-pipes') await execa('mkfifo', [join(path, 'events.jsonl')]);
  if (name === 'directory-of-nonsense')
    await writeFile(join(path, 'events.jsonl'), '{"type":"run-started","at":0}\n');
  if (name !== 'huge') return;
  await writeFile(path, '');
  await truncate(path, 4 * 2 ** 30);
}

test('a run is compared with an earlier one, and what it cannot be compared with gets one sentence', async () => {
  const stub = await prepareStubRun(['boots'], {
    ...kernelOnly,
    differences: { ...kernelOnly.differences, drift: 'ignore' },
  });
  const { world } = stub;
  await using _ = world;
  expect((await startStubRun(stub)).exitCode).toBe(0);
  const file = join(world.path, 'baseline.json');
  expect(await run(world, 'baseline', world.out, '--to', file)).toMatchObject({ exitCode: 0, stderr: '' });
  const text = await readFile(file, 'utf8');

  // A check that passed then: the boot; now it panics.
  const broken = await startStubRun({
    ...stub,
    args: [...stub.args, '--baseline', file],
    env: stubEnvironment('panics'),
  });
  expect(broken.stdout).toContain('DIFFERS passed then, fails now');
  expect(broken.exitCode).toBe(1);

  for (const [name, content, words] of [
    ['truncated', text.slice(0, -100), 'expected JSON, got something else, or a part of it'],
    [
      'other',
      text.replaceAll('raw.x86_64.bios.disk', 'oci.x86_64.uefi.disk'),
      'none of them but oci.x86_64.uefi.disk',
    ],
    ['newer', text.replace('"version":1', '"version":9'), 'expected version 1, got 9'],
    ['hostile', JSON.stringify({ kind: '\u001b[2J::error' }), 'expected what `boot-matrix baseline` writes'],
    [
      'inventory',
      text.replace(/"inventory":\{"version":\d+/, '"inventory":{"version":7'),
      'inventory.version',
    ],
    ['empty', '', 'expected JSON'],
    ['huge', null, 'expected at most 256 MiB, got 4096 MiB'],
    ['pipe', null, 'expected a regular file, got a pipe'],
    ['directory', null, 'it has no file events.jsonl'],
    ['directory-of-pipes', null, 'it has no file events.jsonl'],
    ['directory-of-nonsense', null, 'its events.jsonl does not hold the events of a run'],
    ['absent', null, 'no such file or directory'],
  ] as const) {
    const bad = join(world.path, `${name}.json`);
    if (content === null) await makeBad(name, bad);
    else await writeFile(bad, content);
    const refused = await startStubRun({ ...stub, args: [...stub.args, '--baseline', bad] });
    expect(refused.exitCode, name).toBe(2);
    expect(refused.stderr).toContain(words);
    expect(String(refused.stderr).split('\n')).toHaveLength(1);
  }
  await untilNothingIsLeft(world);
});

test('shards that are sound alone are merged to drift, and the gate goes by it', async () => {
  const stub = await prepareStubRun(['boots', 'has-another-kernel'], kernelOnly);
  const { world } = stub;
  await using _ = world;
  const outs = ['1/2', '2/2'].map((shard) => ({ shard, out: join(world.path, `shard-${shard[0]}`) }));
  for (const { shard, out } of outs) {
    const alone = await startStubRun({
      ...stub,
      world: { ...world, out },
      args: ['--shard', shard, ...stub.args],
      env: { ...stub.env, XDG_CACHE_HOME: join(world.path, `cache-${shard[0]}`) },
    });
    expect(alone.exitCode).toBe(0);
  }
  const directories = outs.map(({ out }) => out);
  const merged = await startCli(world, ['merge', ...directories]);
  expect(merged.stderr).toBe('');
  expect(merged.stdout).toContain('DIFFERS x86_64 kernel');
  expect(merged.exitCode).toBe(1);
  expect((await readEventLog(world)).slice(-2)).toMatchObject([
    { type: 'compared', across: { cells: 2, drifts: [{ part: 'kernel' }] } },
    { type: 'run-finished', exitCode: 1 },
  ]);
  const again = await startCli(world, ['report']);
  expect(again).toMatchObject({ exitCode: 1, stdout: merged.stdout });

  // What is not there any more takes back nothing that was found.
  const [{ id = '' } = {}] = (await readEventLog(world)).flatMap((event) =>
    event.type === 'run-started' ? event.cells : [],
  );
  await rm(join(world.out, 'cells', id, 'inventory.json'));
  expect(await startCli(world, ['report'])).toMatchObject({ exitCode: 1 });
  // And what nobody ever compared is said not to have been.
  for (const out of directories) await rm(join(out, 'cells', id, 'inventory.json'), { force: true });
  const blind = await startCli(world, ['merge', ...directories]);
  expect(String(blind.stdout).replaceAll(/\s+/g, ' ')).toContain(
    `warning: ${id} is not compared with the other cells`,
  );
  await untilNothingIsLeft(world);
});

test('a boot that takes longer than earlier ones is told, and refused where the contract says so', async () => {
  const stub = await prepareStubRun(['tells-a-slow-boot'], { differences: { boot: 'fail' } });
  const { world } = stub;
  await using _ = world;
  expect((await startStubRun(stub)).exitCode).toBe(0);
  const file = join(stub.world.path, 'cache/boot-matrix/boots.json');
  const text = await readFile(file, 'utf8');
  expect(JSON.parse(text)).toMatchObject({
    boots: [
      {
        subject: expect.stringMatching(/ raw\.x86_64\.bios\.disk$/),
        machine: expect.stringMatching(/^tcg, \d+ processors?, \d+ MiB$/),
        figures: {
          shell: expect.any(Number),
          'shell cpu': expect.any(Number),
          // Less what this host withheld, which is less than all of it.
          'systemd userspace': expect.any(Number),
          'systemd kernel': 3,
        },
      },
    ],
  });
  await writeFile(file, text.replace(/"systemd userspace":[\d.]+/, '"systemd userspace":9'));
  const slow = await startStubRun(stub);
  expect(slow.stdout).toContain('DIFFERS boots that took longer than earlier ones here explain');
  expect(slow.stdout).toMatch(/systemd user\S* +9\.0 s \(1 boot\) +up to [\d.]+ s +\d{3,}\.\d s/);
  expect(slow.exitCode).toBe(1);
  const { comparison } = JSON.parse(await readFile(join(world.out, 'summary.json'), 'utf8')) as {
    comparison: { trends: { level: string; trends: object[] } };
  };
  expect(comparison.trends.trends).toContainEqual(
    expect.objectContaining({
      figure: 'systemd userspace',
      earlier: [9],
      now: expect.any(Number),
      isBeyond: true,
    }),
  );
  expect(await readFile(join(world.out, 'index.html'), 'utf8')).toContain('class="sparkline"');
  // A file that is none is no history.
  await writeFile(file, '{"version":9}');
  expect((await startStubRun(stub)).exitCode).toBe(0);
  await untilNothingIsLeft(world);
});
