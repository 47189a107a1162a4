/** `node harness/cli/setup.ts`: installs what the tests need on this host, the reference images' recipe included. */
import { testRequirements } from '../../test/requirements.ts';
import { ensureRequirements } from './ensure-requirements.ts';
import { describeFailure } from './failure.ts';
import { requirementsFor } from './requirements.ts';

try {
  const needed = [...requirementsFor({ images: [], flakes: [], list: false }), ...testRequirements];
  await ensureRequirements(needed, (line) => console.error(line));
} catch (error) {
  const { text, exitCode } = describeFailure(error);
  console.error(text);
  process.exitCode = exitCode;
}
