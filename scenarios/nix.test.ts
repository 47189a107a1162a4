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
