import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { statementSchema } from '../harness/report/attestation/schema.ts';
import { cliPath, untilNothingIsLeft, type World } from './cli.ts';
import { prepareStubRun, startStubRun } from './stub-run.ts';

const verify = (world: World, ...args: string[]) =>
  execa(process.execPath, [cliPath, 'verify', ...args], { reject: false, stdin: 'ignore', env: world.env });

test('a finished run attests what it tested, and an image is the one that was tested, or not', async () => {
  const stub = await prepareStubRun(['boots', 'panics']);
  const { world, images } = stub;
  await using _ = world;
  expect((await startStubRun(stub)).stderr).toBe('');
  const file = join(world.out, 'attestation.json');
  const { subject, predicate } = statementSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  const { boots = '', panics = '' } = images;
  expect(subject.map(({ name }) => name).toSorted()).toEqual(
    [boots, panics].map((image) => basename(image)).toSorted(),
  );
  expect(predicate.result).toBe('FAILED');
  expect(predicate.failedTests).toEqual([expect.stringMatching(/panics-1 boot$/)]);
  expect(predicate.passedTests.filter((name) => name.endsWith('boots-0 boot'))).toHaveLength(1);

  // A copy under another name is the same image; one more byte makes it another.
  const copy = join(world.path, 'copy.img');
  await copyFile(boots, copy);
  const known = await verify(world, file, '--image', copy);
  expect(known).toMatchObject({ exitCode: 1, stderr: '' });
  expect(known.stdout).toMatch(
    /copy\.img is what was tested\nFAILED: \d+ passed, 1 failed \(contract bare, boot-matrix [\d.]+\)$/,
  );

  const passed = join(world.path, 'passed.json');
  const told = {
    ...JSON.parse(await readFile(file, 'utf8')),
    predicate: { ...predicate, result: 'PASSED', failedTests: [] },
  };
  await writeFile(passed, JSON.stringify(told));
  expect((await verify(world, passed, '--image', copy)).exitCode).toBe(0);
  await writeFile(copy, 'x', { flag: 'a' });
  const other = await verify(world, passed, '--image', copy);
  expect(other.exitCode).toBe(1);
  expect(other.stdout).toMatch(
    /copy\.img is not what was tested: no file with its digest [0-9a-f]{64} was tested/,
  );

  for (const [content, words] of [
    ['no JSON', 'Expected the attestation.json of a run, got'],
    ['{"_type":"x"}', '_type: Invalid input'],
  ] as const) {
    await writeFile(passed, content);
    const refused = await verify(world, passed, '--image', boots);
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
    expect(refused.stderr).toContain(words);
    expect(refused.stderr.split('\n')).toHaveLength(1);
  }
  expect((await verify(world, file)).stderr).toContain("required option '--image <PATH...>' not specified");

  // What is cut off attests nothing, and leaves no older claim behind.
  const child = startStubRun({
    ...stub,
    args: [...stub.args.slice(0, 5), images['panics'] ?? ''],
    env: { ...stub.env, STUB_QEMU: 'silent' },
  });
  child.stdout?.on('data', (data) => void (String(data).includes('START') && child.kill('SIGINT')));
  expect((await child).exitCode).toBe(130);
  await expect(readFile(file)).rejects.toThrow();
  await untilNothingIsLeft(world);
});
