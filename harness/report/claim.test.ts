import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { dir } from 'tmp-promise';
import { expect, onTestFinished, test } from 'vitest';
import { UsageError } from '../errors.ts';
import { thisProcess } from '../owner.ts';
import { claimOutput, socketOfRun } from './claim.ts';

async function scratch(): Promise<string> {
  const { path: directory, cleanup } = await dir({ unsafeCleanup: true });
  onTestFinished(() => cleanup());
  return directory;
}

test('a directory is one run’s until that gives it back', async () => {
  const out = path.join(await scratch(), 'new', 'reports');
  const { release } = claimOutput(out);
  expect(() => claimOutput(out)).toThrow(UsageError);
  expect(() => claimOutput(out)).toThrow(
    new RegExp(
      `^Expected an output directory that no other run writes to, got .*, where process ${process.pid} does`,
    ),
  );
  release();
  claimOutput(out).release();
  expect(readdirSync(out)).toEqual([]);
});

test('a run that was killed holds nothing', async () => {
  const out = await scratch();
  writeFileSync(path.join(out, '.run-00000000'), JSON.stringify({ ...thisProcess(), started: '1' }));
  writeFileSync(path.join(out, '.run-00000001'), '{"pid":');
  const { release } = claimOutput(out);
  expect(readdirSync(out)).not.toContain('.run-00000000');
  release();
});

test('a run in another container is left alone, and the way out is told', async () => {
  const out = await scratch();
  const claim = path.join(out, '.run-00000000');
  writeFileSync(claim, JSON.stringify({ ...thisProcess(), namespace: 'pid:[1]' }));
  expect(() => claimOutput(out)).toThrow(`remove ${claim} if it is gone`);
  expect(readdirSync(out)).toEqual(['.run-00000000']);
});

test('a run is found by its directory once its machines can be reached, and only as long as it goes on', async () => {
  const out = await scratch();
  const claim = claimOutput(out);
  expect(() => socketOfRun(out)).toThrow('whose run has no machines yet');
  claim.letIn('/run/attach.sock');
  expect(socketOfRun(out)).toBe('/run/attach.sock');
  expect(() => claimOutput(out)).toThrow(UsageError);
  claim.release();
  expect(() => socketOfRun(out)).toThrow(
    `Expected the output directory of a run that goes on, got ${out}, where none goes on; name another by --out.`,
  );
  const killed = { ...thisProcess(), started: '1', socket: '/run/attach.sock' };
  writeFileSync(path.join(out, '.run-00000000'), JSON.stringify(killed));
  expect(() => socketOfRun(out)).toThrow('where none goes on');
  writeFileSync(path.join(out, '.run-00000000'), JSON.stringify({ ...thisProcess(), namespace: 'pid:[1]' }));
  expect(() => socketOfRun(out)).toThrow('or in another container, where it has to be attached to');
});
