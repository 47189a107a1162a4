import type { Allowance } from '../difference.ts';
import { globExpression } from '../glob.ts';
import type { PartName } from '../inventory.ts';

/** Whether a name of a part is left out of the comparison. */
export type IsAllowed = (part: PartName, name: string) => boolean;

/** Asked for some thousand names of each cell: each is matched once. */
export function allowedBy(allowances: readonly Allowance[]): IsAllowed {
  const byPart = new Map<PartName, RegExp[]>();
  for (const { part, name } of allowances) {
    byPart.set(part, [...(byPart.get(part) ?? []), globExpression(name)]);
  }
  const known = new Map<string, boolean>();
  return (part, name) => {
    const expressions = byPart.get(part);
    if (expressions === undefined) return false;
    const key = `${part} ${name}`;
    const answer = known.get(key) ?? expressions.some((one) => one.test(name));
    known.set(key, answer);
    return answer;
  };
}
