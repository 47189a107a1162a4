import type { Clause } from './clause.ts';
import { lilithClauses } from './lilith.ts';
import { nixCommunityClauses } from './nix-community.ts';
import { nixosImagesClauses } from './nixos-images.ts';
import { perHostIsoClauses } from './per-host-iso.ts';

/** What each contract that comes with the harness promises, by its name. */
export const clauses: Readonly<Record<string, readonly Clause[]>> = {
  'nixos-images': nixosImagesClauses,
  'nix-community': nixCommunityClauses,
  'per-host-iso': perHostIsoClauses,
  lilith: lilithClauses,
};
