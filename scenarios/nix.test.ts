import { expect, it } from 'vitest';
import { reasonOf } from '../test/guest-programs.ts';
import { nix } from './nix.ts';

const programs = (lix: boolean): Record<string, string> => ({
  nix: `[ -z "$NIX_CONFIG" ] || { echo "error: settings come from the environment"; exit 1; }
case "$*" in
--version) echo "nix (${lix ? 'Lix, like Nix' : 'Nix'}) 2.93.0" ;;
*'config show') printf 'cores = 0\\nexperimental-features = flakes nix-command\\nflake-registry = \\n' ;;
*"flake-registry /"*"registry list") printf 'system flake:nixpkgs path:/nix/store/x\\nuser   flake:mine path:/x\\n' ;;
*'registry list') echo "error: unable to download '': URL using bad/illegal format or missing URL (3)" >&2; exit 1 ;;
*) echo "error: unexpected $*" >&2; exit 1 ;;
esac`,
  'nix-channel': lix ? 'true' : 'echo "nixos https://nixos.org/channels/nixos-26.05"',
});

it('passes with implementation, settings, no channels and the registry', async () => {
  const settings = { 'experimental-features': 'nix-command flakes', 'flake-registry': '', cores: '0' };
  const promised = { implementation: 'lix', settings, channels: [], registry: ['nixpkgs'] } as const;
  expect(
    await reasonOf(nix, { nix: { ...promised, channels: [], registry: ['nixpkgs'] } }, programs(true)),
  ).toBe('');
  expect(await reasonOf(nix, { nix: { implementation: 'nix', channels: ['nixos'] } }, programs(false))).toBe(
    '',
  );
});

it('tells each promise that is broken', async () => {
  const settings = { cores: '4', 'no-such': '1' };
  const promised = { implementation: 'lix' as const, settings, channels: [], registry: ['mine', 'nixpkgs'] };
  expect(await reasonOf(nix, { nix: promised }, programs(false))).toBe(
    [
      'expected lix, got nix (Nix) 2.93.0',
      "expected nix's cores to be '4', got '0'",
      "expected nix's no-such to be '1', got cores = 0",
      'expected no channels, got nixos',
      "expected mine in nix's registry, got nixpkgs",
    ].join('; '),
  );
});

it('takes what nix says besides of its own accord: fetch-tree, which flakes imply (Debian 14, nix 2.34)', async () => {
  const settings = { 'experimental-features': 'nix-command flakes' };
  const says = (features: string) => ({ nix: `echo "experimental-features = ${features}"` });
  const of = (features: string) => reasonOf(nix, { nix: { settings } }, says(features));
  expect(await of('fetch-tree flakes nix-command')).toBe('');
  expect(await of('ca-derivations fetch-tree flakes nix-command')).toBe(
    "expected nix's experimental-features to be 'nix-command flakes', got 'ca-derivations fetch-tree flakes nix-command'",
  );
  expect(await of('fetch-tree nix-command')).toMatch(/got 'fetch-tree nix-command'/);
});
