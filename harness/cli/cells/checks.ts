import { didYouMean } from '../../did-you-mean.ts';
import { UsageError } from '../../errors.ts';
import { releaseCheckNames } from '../../release-checks.ts';
import type { OwnChecks } from '../../run/examine/checks.ts';
import type { Contract } from '../../../scenarios/contracts/contract.ts';

/**
 * The checks that `--check` names, each once; undefined where it names none, which means all.
 * @throws UsageError `unknown-check`
 */
export async function knownChecks(
  names: readonly string[],
  contract: Contract,
  own: OwnChecks,
): Promise<string[] | undefined> {
  if (names.length === 0) return undefined;
  // Not for who only lists: they come with all that a check needs.
  const { checksOf } = await import('../../run/examine/checks.ts');
  // What only some formats promise is a check, too.
  const promised = Object.assign({ ...contract }, ...Object.values(contract.formats ?? {})) as Contract;
  const known = [...checksOf(promised, own).map(({ scenario }) => scenario.name), ...releaseCheckNames];
  for (const name of names) {
    if (known.includes(name)) continue;
    throw new UsageError(
      'unknown-check',
      `--check takes the name of a check, one of ${known.join(', ')}; got '${name}'${didYouMean(name, known)}.`,
    );
  }
  return [...new Set(names)];
}
