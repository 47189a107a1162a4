import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildReferenceImages } from '../reference/build.ts';
import { contract } from './defects/catalogue/contract.ts';
import { silent } from './defects/catalogue/silent.ts';
import { judge } from './defects/judge.ts';
import { tryDefect } from './defects/try.ts';
import { checkJunitFile } from './junit-schema.ts';
import { referenceChecks } from './reference-checks.ts';
import { scratchDirectory } from './scratch.ts';
import { type MadeImagesRun, judgeMadeImages } from './made-images.ts';

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
  let run: MadeImagesRun;

  beforeAll(async () => {
    const images = Object.fromEntries(defects.map(({ name, make }) => [name, make]));
    run = await judgeMadeImages({ images, contract: 'reference' });
  });
  afterAll(() => run.world[Symbol.asyncDispose]());

  test('all of them were run', () => {
    expect(defects.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
    expect(run.summary.cells).toHaveLength(names.length);
  });

  test('exit code 1: guests broke their contract', () => {
    expect(run.exitCode).toBe(1);
  });

  test.each(defects)('$name is caught, named, and nothing else is blamed', ({ name, failed }) => {
    const cell = run.summary.cells.find(({ id }) => id.endsWith(`.${name}`));
    const verdicts = Object.fromEntries(cell?.checks.map((check) => [check.name, check.verdict]) ?? []);
    expect(verdicts).toEqual(
      Object.fromEntries(referenceChecks.map((check) => [check, check in failed ? 'failed' : 'passed'])),
    );
    for (const [check, reason] of Object.entries(failed)) {
      expect(cell?.checks.find((one) => one.name === check)?.reason).toMatch(reason);
    }
    expect(cell?.verdict).toBe('failed');
  });

  test('the JUnit file is well-formed and counts what failed', async () => {
    const junit = join(run.world.out, 'junit.xml');
    await checkJunitFile(junit);
    const { stdout } = await execa('xmllint', [
      '--xpath',
      'count(//testsuite[failure or .//failure])',
      junit,
    ]);
    expect(Number(stdout)).toBe(defects.length);
  });
});

/** What only a screen tells: UEFI's in pixels, and a PC's in text mode, which Linux has scrolled. */
const silentNames = ['initrd-root-relabelled-silent', 'kernel-initrd-is-text-silent'];

test.each(silentNames)('%s is told as its talking twin is', async (name) => {
  const { directory } = await buildReferenceImages({ onProgress: (line) => console.log(line) });
  const twin = silent.find((one) => one.name === name);
  if (twin === undefined) throw new Error(`no silent twin is called ${name}`);
  const outcome = await tryDefect(twin, { reference: directory, out: await scratchDirectory() });
  expect(judge(twin, outcome)).toEqual({ result: 'caught' });
});
