import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeHaltingDisk } from './boot-sector.ts';
import { makeWorld, readEventLog, readSummary, startCli, type World } from './cli.ts';
import { bareContract } from './contract.ts';
import { checkJunitFile } from './junit-schema.ts';
import { stubEnvironment } from './stub-qemu/environment.ts';

interface Published {
  world: World;
  directory: string;
  /** Of the image. */
  sha256: string;
  args: string[];
}

/** A directory with an image whose guest powers itself off, and the list of its digest. */
async function publish(list: (sha256: string) => string): Promise<Published> {
  const world = await makeWorld({ ownCache: true });
  const directory = join(world.path, 'release');
  await mkdir(join(directory, 'images'), { recursive: true });
  const image = join(directory, 'images/nixos.img');
  await writeHaltingDisk(image);
  const sha256 = createHash('sha256')
    .update(await readFile(image))
    .digest('hex');
  await writeFile(join(directory, 'SHA256SUMS'), list(sha256));
  const contract = join(world.path, 'contract.json');
  await writeFile(contract, JSON.stringify(bareContract()));
  return {
    world,
    directory,
    sha256,
    args: ['--accel', 'tcg', '--contract', contract, '--images', directory],
  };
}

const env = stubEnvironment('powers-off');
const ids = ['raw.x86_64.bios.disk', 'release-files'];

test.concurrent('what is published beside images is a cell, listed and planned without a machine', async () => {
  const { world, directory, args } = await publish((sha256) => `${sha256}  nixos.img\n`);
  await using _ = world;
  const listed = await startCli(world, ['--list', '--json', ...args], { env });
  expect(listed.stderr).toBe('');
  const cells = JSON.parse(String(listed.stdout)) as { id: string }[];
  expect(cells.map(({ id }) => id)).toEqual(ids);
  expect(cells[1]).toEqual({ id: 'release-files', format: 'release-files', image: directory });
  const plan = await startCli(world, ['plan', ...args], { env });
  expect(String(plan.stdout)).toMatch(/^release-files +not timed yet/m);
  await rm(join(directory, 'SHA256SUMS'));
  const without = await startCli(world, ['--list', ...args], { env });
  expect(String(without.stdout)).toBe('raw.x86_64.bios.disk');
});

test.concurrent('a filter runs it alone; it passes, and the attestation speaks of the image', async () => {
  const { world, sha256, args } = await publish((digest) => `${digest}  nixos.img\n`);
  await using _ = world;
  const { exitCode, stdout, stderr } = await startCli(world, ['release-files', ...args], { env });
  expect(exitCode, String(stderr)).toBe(0);
  expect(stdout).toMatch(/^PASS release-files [\d.]+ s  digests file-names$/m);
  const summary = await readSummary(world);
  expect(summary.cells).toMatchObject([
    {
      id: 'release-files',
      verdict: 'passed',
      phase: null,
      access: null,
      checks: [
        { name: 'digests', verdict: 'passed', access: [] },
        { name: 'file-names', verdict: 'passed' },
      ],
    },
  ]);
  expect(summary.digests).toMatchObject([{ before: sha256, after: sha256 }]);
  const statement = await readFile(join(world.out, 'attestation.json'), 'utf8');
  expect(statement).toContain(sha256);
  expect(statement).toContain('"release-files digests"');
  expect(statement).not.toContain('release-files boot');
});

test.concurrent('another digest fails the gate beside a machine that is booted, and every report says which', async () => {
  const old = createHash('sha256').update('old').digest('hex');
  const { world, sha256, args } = await publish(() => `${old}  nixos.img\n${old}  gone.img\n`);
  await using _ = world;
  const { exitCode, stdout } = await startCli(world, args, { env });
  expect(exitCode).toBe(1);
  const reason = `sha256sum images/nixos.img: expected ${old}, as SHA256SUMS says, got ${sha256}; and 1 more`;
  const { cells } = await readSummary(world);
  expect(cells.map(({ id }) => id)).toEqual(ids);
  expect(cells[1]).toMatchObject({ verdict: 'failed', reason: `digests: ${reason}` });
  expect(stdout).toContain('START release-files');
  expect(String(stdout).replaceAll(/\s+/g, ' ')).toContain(reason);
  const junit = join(world.out, 'junit.xml');
  await checkJunitFile(junit);
  const xml = await readFile(junit, 'utf8');
  const suite = /<testsuite name="release-files"[^]*?<\/testsuite>/.exec(xml)?.[0] ?? '';
  expect(suite).toContain(`<testcase classname="boot.release-files" name="digests"`);
  expect(suite).toContain('expected the file gone.img that it names, got none of that name');
  expect(suite).not.toMatch(/name="(?:boot|firmware|accelerator)"/);
  expect(await readFile(join(world.out, 'index.html'), 'utf8')).toContain('release-files');

  // Written again from its events, and tried again for what it left.
  const again = await startCli(world, ['--report-only']);
  expect(again.exitCode, String(again.stderr)).toBe(1);
  expect(await readFile(junit, 'utf8')).toBe(xml);
  const left = await startCli(world, ['--list', '--last-failed', ...args], { env });
  expect(String(left.stdout).split('\n')).toEqual(ids);
});

test.concurrent('one file of a release is held against the list beside it, whatever else that names', async () => {
  const { world, directory, args } = await publish((digest) => `${digest}  images/nixos.img\n`);
  await using _ = world;
  const image = join(directory, 'images/nixos.img');
  await writeFile(`${image}.sha256`, `${'0'.repeat(64)}  nixos.img\n`);
  const { exitCode } = await startCli(world, ['release-files', ...args.slice(0, -1), image], { env });
  expect(exitCode).toBe(1);
  const { cells } = await readSummary(world);
  expect(cells[0]?.reason).toMatch(
    /^digests: sha256sum nixos\.img: expected 0+, as nixos\.img\.sha256 says, got /,
  );
});

test.concurrent('--check takes its checks too; who asks for others is told that it was left out', async () => {
  const { world, args } = await publish((digest) => `${digest}  nixos.img\n`);
  await using _ = world;
  await startCli(world, ['release-files', '--check', 'digests', ...args], { env });
  expect((await readSummary(world)).cells[0]?.checks.map(({ name }) => name)).toEqual(['digests']);
  await startCli(world, ['release-files', '--check', 'power', ...args], { env });
  expect((await readSummary(world)).cells).toMatchObject([
    { verdict: 'skipped', reason: 'none of its checks was asked for' },
  ]);
});

test.concurrent('a config asks for sizes and a tag, and knows of a failure', async () => {
  const { world, args } = await publish((digest) => `${digest}  nixos.img\n`);
  await using _ = world;
  const config = join(world.path, 'boot.config.json');
  const known = {
    cell: 'release-files',
    check: 'file-sizes',
    because: 'https://example.org/1',
    until: '2999-01-01',
  };
  const release = { tag: 'v1', sizes: { '*.img': 0.0001 } };
  await writeFile(config, JSON.stringify({ release, known: [known] }));
  const { exitCode, stderr } = await startCli(world, ['release-files', '--config', config, ...args], { env });
  expect(exitCode, String(stderr)).toBe(0);
  const [cell] = (await readSummary(world)).cells;
  expect(cell).toMatchObject({ verdict: 'known' });
  expect(cell?.checks.at(-1)?.reason).toMatch(
    /nixos\.img: expected at most 0\.0001 MiB .* known until 2999-01-01/,
  );
  const events = await readEventLog(world);
  expect(events.filter(({ type }) => type === 'release-started')).toHaveLength(1);
});
