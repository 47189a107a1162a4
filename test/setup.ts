/**
 * `node test/setup.ts [--defects]`: installs what the tests need on this host, the reference images' recipe included; with
 * `--defects` also what changes these images.
 */
import { defectRequirements } from './defects/requirements.ts';
import { testRequirements } from './requirements.ts';
import { ensureRequirements } from '../harness/cli/host/ensure-requirements.ts';
import { describeFailure } from '../harness/cli/failure.ts';
import { requirementsFor } from '../harness/cli/host/requirements.ts';

try {
  const needed = [
    ...requirementsFor({ images: [], flakes: [], list: false }),
    ...testRequirements,
    ...(process.argv.includes('--defects') ? defectRequirements : []),
  ];
  await ensureRequirements(needed, (line) => console.error(line));
} catch (error) {
  const { text, exitCode } = describeFailure(error);
  console.error(text);
  process.exitCode = exitCode;
}
