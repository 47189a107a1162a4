import pc from 'picocolors';
import type { Verdict } from '../../events.ts';

/** Where a report is shown: a terminal, a pipe or a file. */
export type Output = NodeJS.WritableStream & { isTTY?: boolean; columns?: number; rows?: number };
export type Colours = ReturnType<typeof pc.createColors>;
type Environment = Readonly<Record<string, string | undefined>>;

/** Colours on a terminal; `NO_COLOR` and `FORCE_COLOR` decide before it (https://no-color.org, https://force-color.org). */
export function coloursFor(output: Output, env: Environment = process.env): Colours {
  return pc.createColors(wantsColour(output, env));
}

function wantsColour(output: Output, env: Environment): boolean {
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR']) return env['FORCE_COLOR'] !== '0';
  return output.isTTY === true && env['TERM'] !== 'dumb';
}

/** Whether lines can be overwritten: not in a pipe, a CI's log or a terminal that does not tell its size. */
export const canOverwrite = (output: Output, env: Environment = process.env): boolean =>
  output.isTTY === true && !env['CI'] && env['TERM'] !== 'dumb' && size(output.columns) && size(output.rows);

const size = (value: number | undefined): boolean => value !== undefined && value > 0;

export function verdictColour(colours: Colours, verdict: Verdict): (text: string) => string {
  switch (verdict) {
    case 'passed':
      return colours.green;
    case 'failed':
    case 'error':
      return colours.red;
    case 'flaky':
    case 'known':
      return colours.yellow;
    case 'skipped':
      return colours.dim;
  }
}
