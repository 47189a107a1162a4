import { stat } from 'node:fs/promises';
import { basename, relative } from 'node:path';
import { globExpression } from '../../glob.ts';
import type { Release, ReleaseFinding } from './release.ts';

/**
 * Holds the files of a release against what they may grow to; a pattern that fits none is a fault, since it watches nothing.
 * @param budgets MiB that files may have at most, by patterns for their names
 */
export async function checkSizes(
  { directory, files }: Release,
  budgets: Readonly<Record<string, number>>,
): Promise<ReleaseFinding> {
  const finding: ReleaseFinding = { faults: [], told: [] };
  for (const [pattern, most] of Object.entries(budgets)) {
    const fitting = files.filter((file) => globExpression(pattern).test(basename(file)));
    if (fitting.length === 0)
      finding.faults.push({ action: directory, expected: `a file that ${pattern} fits`, got: 'none' });
    for (const file of fitting) {
      const name = relative(directory, file);
      const { size } = await stat(file);
      const told = `${size} bytes`;
      if (size <= most * 2 ** 20) finding.told.push(`${name}: ${told} of ${most} MiB`);
      else {
        const expected = `at most ${most} MiB (${most * 2 ** 20} bytes), as ${pattern} may have`;
        finding.faults.push({ action: name, expected, got: told });
      }
    }
  }
  return finding;
}
