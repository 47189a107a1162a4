import type { LoadedConfig } from '../../../config/load.ts';
import type { ReporterChoice } from '../../report/choice.ts';
import { parseJobs } from './option-values.ts';
import { parseReporter } from './reporter-values.ts';
import type { CommandLine, Options } from './options.ts';

/** What is to be done: what was typed, then what the config says, then the defaults. */
export function withConfig({ options, typed }: CommandLine, config: LoadedConfig | undefined): Options {
  if (config === undefined) return options;
  const orTyped = <Name extends keyof Options>(
    name: Name,
    option: string,
    value: Options[Name] | undefined,
  ): Options[Name] => (typed.has(option) ? options[name] : (value ?? options[name]));
  // Whoever names images means these, and not the config's beside them.
  const namesImages = ['images', 'flake', 'all'].some((name) => typed.has(name));
  return {
    ...options,
    images: namesImages ? options.images : (config.images ?? []),
    flakes: namesImages ? options.flakes : (config.flake ?? []),
    out: orTyped('out', 'out', config.out),
    baseline: orTyped('baseline', 'baseline', config.baseline),
    jobs: orTyped('jobs', 'jobs', config.jobs === undefined ? undefined : parseJobs(String(config.jobs))),
    reporters: orTyped(
      'reporters',
      'reporter',
      config.reporters?.reduce<ReporterChoice[]>((before, text) => parseReporter(text, before), []),
    ),
    accelerator: orTyped('accelerator', 'accel', config.accel),
    retries: orTyped('retries', 'retries', config.retries),
    repeatEach: orTyped('repeatEach', 'repeatEach', config.repeatEach),
    failOnFlaky: orTyped('failOnFlaky', 'failOnFlaky', config.failOnFlaky),
  };
}
