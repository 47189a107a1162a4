import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hostGuest } from '../test/host-guest.ts';
import { scratchDirectory } from '../test/scratch.ts';
import { nixosImages } from './contracts/systems/nixos-images.ts';
import { flakes } from './flakes.ts';
import type { Outcome } from './scenario.ts';

/** A nix with the settings of its machine: nothing from the environment may help it. */
const nix = (features: string, version: 'new' | 'old'): string => `#!/bin/sh
[ -z "$NIX_CONFIG" ] || { echo "error: settings come from the environment"; exit 1; }
case "$*" in *--extra-experimental-features*) echo "error: settings come from the command line"; exit 1 ;; esac
has() { case " ${features} " in *" $1 "*) ;; *) echo "error: experimental Nix feature '$1' is disabled" >&2; exit 1 ;; esac; }
case "$1 $2" in
  --version*) echo "nix (Nix) 2.26.3" ;;
  'config show')
    [ ${version} = new ] || { echo "error: 'config' is not a recognised command" >&2; exit 1; }
    has nix-command; echo "${features}" ;;
  show-config*) has nix-command; echo "cores = 0"; echo "experimental-features = ${features}" ;;
  'eval --raw')
    has nix-command; has flakes
    flake=\${3#path:}; echo "warning: slow" >&2
    sed -n 's/.*\\[ "\\([a-z]*\\)".*/\\1-42/p' "\${flake%#answer}/flake.nix" | tr -d '\\n' ;;
  *) echo "error: unexpected: $*"; exit 1 ;;
esac
`;

async function check(program: string): Promise<Outcome> {
  const path = await scratchDirectory();
  await writeFile(join(path, 'nix'), program);
  await chmod(join(path, 'nix'), 0o755);
  const env = {
    PATH: `${path}:${process.env['PATH'] ?? ''}`,
    NIX_CONFIG: 'experimental-features = nix-command flakes',
  };
  return flakes.check(await hostGuest({ env }), nixosImages);
}

it.each(['new', 'old'] as const)('passes with the features on, nix being %s', async (version) => {
  expect(await check(nix('fetch-tree flakes nix-command', version))).toEqual({ verdict: 'passed' });
});

it('tells which feature is off', async () => {
  expect(await check(nix('nix-command', 'new'))).toEqual({
    verdict: 'failed',
    reason:
      'expected nix to have the experimental features nix-command flakes, got nix-command: flakes is missing',
  });
});

it('tells that all are off', async () => {
  expect(await check(nix('', 'new'))).toMatchObject({
    verdict: 'failed',
    reason: expect.stringContaining(
      "nix-command flakes, got: error: experimental Nix feature 'nix-command' is disabled",
    ),
  });
});

it('is not content with settings alone', async () => {
  const broken = nix('flakes nix-command', 'new').replace('-42', '-41');
  expect(await check(broken)).toEqual({
    verdict: 'failed',
    reason: 'expected a local flake without inputs to evaluate to bcdefghijkln-42, got: bcdefghijkln-41',
  });
});

it('tells that nix does not start', async () => {
  expect(await check('#!/bin/sh\necho "nix: no such luck" >&2\nexit 127\n')).toMatchObject({
    verdict: 'failed',
    reason: expect.stringContaining(
      'expected nix to have the experimental features nix-command flakes, got: nix: no such luck',
    ),
  });
});
