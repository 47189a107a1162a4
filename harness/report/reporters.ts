import type { ReportOptions } from './choice.ts';
import { createGitHubReporter, runsOnGitHub } from './forge/github.ts';
import type { Reporter } from './reporter.ts';
import { createClosingReporter } from './terminal/closing.ts';
import { createHeldReporter } from './terminal/held.ts';
import { createLiveReporter } from './terminal/live.ts';
import { createPlainReporter } from './terminal/plain.ts';
import { type Output, coloursFor } from './terminal/terminal.ts';
import { createFileReporter } from './write.ts';

export interface ReportersOptions extends ReportOptions {
  outDir: string;
  output: Output;
  /** Only what went wrong, and the sum. @default false */
  quiet?: boolean;
  env?: Readonly<Record<string, string | undefined>>;
}

/** The readers of a run's events that report when it has ended: files, what a forge shows, the terminal's last words. */
export function createClosingReporters(options: ReportersOptions): Reporter[] {
  const { outDir, output, reporters, env = process.env } = options;
  const onGitHub = runsOnGitHub(env) || reporters.some(({ name }) => name === 'github');
  return [
    createFileReporter(outDir, options),
    ...(onGitHub ? [createGitHubReporter(output, env)] : []),
    createClosingReporter(outDir, output, options),
  ];
}

/** All of them, and what shows the run while it happens. */
export function createReporters(options: ReportersOptions): Reporter[] {
  const { output, quiet = false, reporters } = options;
  if (quiet) return [createHeldReporter(output, coloursFor(output)), ...createClosingReporters(options)];
  const plain = reporters.some(({ name }) => name === 'plain');
  const live = plain ? createPlainReporter(output, coloursFor(output)) : createLiveReporter(output);
  return [live, ...createClosingReporters(options)];
}
