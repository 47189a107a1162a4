/**
 * What a check can take for itself, in the order in which checks run: one that needs something later in this list comes
 * after those that do not. `network` is the way by the network to the guest's ports, `screen` and `keys` are the virtual
 * screen and its keyboard, `medium` is what the machine was started from, and `power` is the machine itself.
 */
export const needs = ['network', 'screen', 'keys', 'medium', 'power'] as const;
export type Need = (typeof needs)[number];

/** What must come first, since others take away what it needs; those of the same rank keep their order. */
const rank: Record<Need, number> = { network: 0, screen: 1, keys: 1, medium: 2, power: 3 };

/** The order in which checks run. */
export const byNeeds = <One extends { scenario: { readonly needs: readonly Need[] } }>(
  checks: readonly One[],
): One[] => checks.toSorted((a, b) => rankOf(a.scenario.needs) - rankOf(b.scenario.needs));

const rankOf = (needed: readonly Need[]): number => Math.max(0, ...needed.map((one) => rank[one]));
