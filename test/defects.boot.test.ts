import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildReferenceImages } from '../reference/build.ts';
import { type Summary, type World, makeWorld, readSummary, startCli } from './cli.ts';
import { contract } from './defects/catalogue/contract.ts';

/** One for each thing that a check looks at; `pnpm test:defects` tries all there are. */
const names = [
  'layout-us',
  'layout-de',
  'layout-ch-fr',
  'sshd-silent',
  'sshd-empty-password',
  'no-authorized-key',
  'no-flakes',
  'no-autologin-screen',
  'no-autologin-serial',
  'autologin-other-user',
];
const defects = contract
  .filter(({ name }) => names.includes(name))
  .map(({ name, make, expect: wanted }) => ({ name, make, failed: 'checks' in wanted ? wanted.checks : {} }));

describe('seeded defects', () => {
  let world: World;
  let summary: Summary;
  let exitCode: number | undefined;

  beforeAll(async () => {
    world = await makeWorld({ ownCache: false });
    const { directory } = await buildReferenceImages({ onProgress: (line) => console.log(line) });
    const images: string[] = [];
    for (const { name, make } of defects) {
      const scratch = join(world.path, name);
      await mkdir(scratch);
      images.push(await make(directory, scratch));
    }
    const run = await startCli(world, ['--contract', 'reference', '--images', ...images], {
      stdout: 'inherit',
    });
    exitCode = run.exitCode;
    summary = await readSummary(world);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  test('all of them were run', () => {
    expect(defects.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
    expect(summary.cells).toHaveLength(names.length);
  });

  test('exit code 1: guests broke their contract', () => {
    expect(exitCode).toBe(1);
  });

  test.each(defects)('$name is caught, named, and nothing else is blamed', ({ name, failed }) => {
    const cell = summary.cells.find(({ id }) => id.endsWith(`.${name}`));
    const verdicts = Object.fromEntries(cell?.checks.map((check) => [check.name, check.verdict]) ?? []);
    const all = ['autologin', 'sshd', 'flakes', 'keyboard', 'power'];
    expect(verdicts).toEqual(
      Object.fromEntries(all.map((check) => [check, check in failed ? 'failed' : 'passed'])),
    );
    for (const [check, reason] of Object.entries(failed)) {
      expect(cell?.checks.find((one) => one.name === check)?.reason).toMatch(reason);
    }
    expect(cell?.verdict).toBe('failed');
  });

  test('the JUnit file is well-formed and counts what failed', async () => {
    const junit = join(world.out, 'junit.xml');
    await execa('xmllint', ['--noout', junit]);
    const { stdout } = await execa('xmllint', [
      '--xpath',
      'count(//testsuite[failure or .//failure])',
      junit,
    ]);
    expect(Number(stdout)).toBe(defects.length);
  });
});
