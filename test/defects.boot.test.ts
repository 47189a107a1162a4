import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildReferenceImages } from '../reference/build.ts';
import { type Defect, deriveImage } from '../reference/derive.ts';
import { type Summary, type World, makeWorld, readSummary, startCli } from './cli.ts';

interface Expected {
  /** Checks that must fail, each with the words that its reason must have; all others must pass. */
  failed: Record<string, RegExp>;
}

/** Each image breaks one promise, and the check of that promise must say so, and no other. */
const expectations: Record<Defect, Expected> = {
  'layout-us': { failed: { keyboard: /expected the layout ch\b.*the guest has us\b/ } },
  'layout-de': { failed: { keyboard: /expected the layout ch\b.*the guest has de\b/ } },
  'layout-ch-fr': { failed: { keyboard: /expected the layout ch\b.*the guest has ch\(fr\)/ } },
  'sshd-silent': { failed: { sshd: /nothing listens on port 22/ } },
  'sshd-empty-password': { failed: { sshd: /empty password/ } },
  'no-authorized-key': { failed: { sshd: /key/ } },
  'no-flakes': { failed: { flakes: /flakes/ } },
  'no-autologin-screen': {
    failed: {
      autologin: /on the virtual screen expected root to be logged in, but it asks for a login/,
      keyboard: /no shell on the virtual screen/,
    },
  },
  'no-autologin-serial': { failed: { autologin: /on serial expected root to be logged in, got nobody/ } },
  'autologin-other-user': {
    failed: { autologin: /on the virtual screen expected root to be logged in, got nixos \(uid 1000\)/ },
  },
};
const defects = Object.keys(expectations) as Defect[];

describe('seeded defects', () => {
  let world: World;
  let summary: Summary;
  let exitCode: number | undefined;

  beforeAll(async () => {
    world = await makeWorld({ ownCache: false });
    const { formats } = await buildReferenceImages({ onProgress: (line) => console.log(line) });
    const source = formats.find(({ name }) => name === 'qemu')?.path ?? '';
    const images: string[] = [];
    for (const defect of defects) {
      const image = join(world.path, `${defect}.qcow2`);
      await deriveImage(source, defect, image);
      images.push(image);
    }
    const run = await startCli(world, ['--contract', 'reference', '--images', ...images], {
      stdout: 'inherit',
    });
    exitCode = run.exitCode;
    summary = await readSummary(world);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  test('exit code 1: guests broke their contract', () => {
    expect(exitCode).toBe(1);
  });

  test.each(defects)('%s is caught, named, and nothing else is blamed', (defect) => {
    const cell = summary.cells.find(({ id }) => id.endsWith(`.${defect}`));
    const verdicts = Object.fromEntries(cell?.checks.map(({ name, verdict }) => [name, verdict]) ?? []);
    const { failed } = expectations[defect];
    const all = ['autologin', 'sshd', 'flakes', 'keyboard'];
    expect(verdicts).toEqual(
      Object.fromEntries(all.map((name) => [name, name in failed ? 'failed' : 'passed'])),
    );
    for (const [name, reason] of Object.entries(failed)) {
      expect(cell?.checks.find((check) => check.name === name)?.reason).toMatch(reason);
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
