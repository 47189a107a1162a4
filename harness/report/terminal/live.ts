import { createPlainReporter } from './plain.ts';
import type { Reporter } from '../reporter.ts';
import type { Output } from './terminal.ts';
import { canOverwrite, coloursFor } from './terminal.ts';
import { createWindowReporter } from './window.ts';

/** Shows the run while it happens: as a live block on a terminal, as plain lines elsewhere. */
export function createLiveReporter(output: Output = process.stdout, env = process.env): Reporter {
  const colours = coloursFor(output, env);
  // A reader that goes away (`… | head`) must not take the run with it: its reports are still written.
  output.on('error', () => {});
  return canOverwrite(output, env)
    ? createWindowReporter(output, colours)
    : createPlainReporter(output, colours);
}
