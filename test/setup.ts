/** `node test/setup.ts`: installs what the tests need on this host, the reference images' recipe included. */
import { testRequirements } from './requirements.ts';
import { ensureRequirements } from '../harness/cli/ensure-requirements.ts';
import { describeFailure } from '../harness/cli/failure.ts';
import { requirementsFor } from '../harness/cli/requirements.ts';

try {
  const needed = [...requirementsFor({ images: [], flakes: [], list: false }), ...testRequirements];
  await ensureRequirements(needed, (line) => console.error(line));
} catch (error) {
  const { text, exitCode } = describeFailure(error);
  console.error(text);
  process.exitCode = exitCode;
}
