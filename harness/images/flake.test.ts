import { chmod, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { directory } from '../../test/images.ts';
import { UsageError } from '../errors.ts';
import { buildFlake } from './flake.ts';

afterEach(() => vi.unstubAllEnvs());

/** Puts a `nix` on PATH that writes its arguments down, a line each, and then does what the script says. */
async function fakeNix(script: string): Promise<{ calls: () => Promise<string[]> }> {
  const bin = await directory();
  const log = join(bin, 'log');
  await writeFile(join(bin, 'nix'), `#!/bin/sh\necho "$*" >> '${log}'\n${script}\n`);
  await chmod(join(bin, 'nix'), 0o755);
  vi.stubEnv('PATH', `${bin}${delimiter}${process.env['PATH'] ?? ''}`);
  return { calls: async () => (await readFile(log, 'utf8')).trim().split('\n') };
}

const formats = ['qemu', 'iso-installer'];

async function refusal(refs: string[]): Promise<UsageError> {
  const error: unknown = await buildFlake(refs, { formats }).catch((reason: unknown) => reason);
  if (!(error instanceof UsageError)) throw error;
  return error;
}

test('builds what is named and returns the output paths', async () => {
  const nix = await fakeNix('echo "building qemu" >&2; echo /nix/store/a-qemu; echo /nix/store/b-iso');
  const progress: string[] = [];
  const paths = await buildFlake(['.#qemu', 'github:o/r#iso'], {
    formats,
    onProgress: (line) => progress.push(line),
  });
  expect(paths).toEqual(['/nix/store/a-qemu', '/nix/store/b-iso']);
  expect(progress).toEqual(['building qemu']);
  expect(await nix.calls()).toEqual([
    'build .#qemu github:o/r#iso --no-link --print-out-paths --extra-experimental-features nix-command flakes',
  ]);
});

test('a flake without an attribute means its packages that are called like a format', async () => {
  const nix = await fakeNix(
    'if [ "$1" = eval ]; then echo \'["default","iso-installer","lxc","qemu"]\'; else echo /nix/store/x; fi',
  );
  expect(await buildFlake(['/flake'], { formats })).toEqual(['/nix/store/x']);
  const [evaluated, built] = await nix.calls();
  expect(evaluated).toMatch(/^eval --json \/flake#packages\.\w+-\w+ --apply builtins\.attrNames --extra/);
  expect(built).toMatch(/^build \/flake#iso-installer \/flake#qemu --no-link/);
});

test('a flake without such packages', async () => {
  await fakeNix('echo \'["default"]\'');
  expect(await refusal(['.'])).toMatchObject({
    code: 'flake-no-package',
    message: expect.stringMatching(/^\.: expected packages for .* got default; name one: \.#<package>\.$/),
  });
});

test('a build that fails gives the error of nix, and the tail of its output as a hint', async () => {
  await fakeNix(
    'for i in $(seq 40); do echo "line $i" >&2; done; echo "error: attribute \'x\' missing" >&2; exit 1',
  );
  const error = await refusal(['.#x']);
  expect(error.code).toBe('flake-build');
  expect(error.message).toBe(
    '--flake: expected building .#x to succeed, got "error: attribute \'x\' missing"; mend the flake.',
  );
  expect(error.hint?.split('\n')).toHaveLength(20);
});

test('an evaluation that fails', async () => {
  await fakeNix('echo "error: syntax error" >&2; exit 1');
  expect(await refusal(['.'])).toMatchObject({ code: 'flake-evaluation' });
});

test('no nix', async () => {
  vi.stubEnv('PATH', await directory());
  expect(await refusal(['.#x'])).toMatchObject({
    code: 'flake-no-nix',
    message: expect.stringContaining('expected nix on PATH'),
  });
});

test.for(['', '--impure', '#x'])('"%s" is no flake reference', async (ref) => {
  expect(await refusal([ref])).toMatchObject({ code: 'flake-bad-reference' });
});

test('an interrupted build ends nix and rejects with the reason', async () => {
  await fakeNix('exec sleep 60');
  await expect(buildFlake(['.#x'], { formats, signal: AbortSignal.timeout(200) })).rejects.toMatchObject({
    name: 'TimeoutError',
  });
});
