/** How the command line's values are read; each bad one gets a sentence that says what was expected and what was got. */
import { availableParallelism } from 'node:os';
import { didYouMean } from '../../did-you-mean.ts';
import { UsageError } from '../../errors.ts';
import type { AcceleratorName } from '../../machine/board/description.ts';

export const accelerators = ['auto', 'kvm', 'hvf', 'tcg'] as const;
export type Accelerator = 'auto' | AcceleratorName;

/** A whole number of an option, of at most nine digits. */
export const wholeNumber =
  (option: string, { least, most }: { least: number; most: number }, what: string) =>
  (text: string): number => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new UsageError('bad-usage', `${option} takes ${what}, ${least} to ${most}; got '${text}'.`);
  };

const unitSeconds = { '': 1, s: 1, m: 60, h: 3600 } as const;

/** A time in seconds, minutes or hours. */
export const parseSeconds =
  (option: string) =>
  (text: string): number => {
    const [, digits, unit = ''] = /^([1-9]\d{0,5})([smh]?)$/.exec(text) ?? [];
    if (digits !== undefined) return Number(digits) * unitSeconds[unit as keyof typeof unitSeconds];
    throw new UsageError('bad-usage', `${option} takes a time such as 90s, 30m or 2h; got '${text}'.`);
  };

/** As many jobs as a matrix of GitHub's has at most. */
export const mostShards = 256;

/** `2/3`: the second of three shards. */
export function parseShard(text: string): { index: number; total: number } {
  const [index = 0, total = 0] = /^(\d{1,3})\/(\d{1,3})$/.exec(text)?.slice(1).map(Number) ?? [];
  if (index >= 1 && index <= total && total <= mostShards) return { index, total };
  throw new UsageError(
    'bad-usage',
    `--shard takes which shard of how many, e.g. 2/3, of at most ${mostShards}; got '${text}'.`,
  );
}

/** A number of machines, or a share of the cores. */
export function parseJobs(text: string): number {
  const percent = /^([1-9]\d*)%$/.exec(text);
  if (percent) return Math.max(1, Math.floor((availableParallelism() * Number(percent[1])) / 100));
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new UsageError(
    'bad-jobs',
    `-j takes how many machines run at once, 1 or more, or a percentage of the cores such as 50%; got '${text}'.`,
  );
}

/** An option's value; commander itself would take the next option for one. */
export const valueOf =
  (option: string, what: string) =>
  (value: string): string => {
    if (!value.startsWith('-') && value !== '') return value;
    throw new UsageError('bad-usage', `${option} takes ${what}; got '${value}'.`);
  };

/** Collects an option's values. */
export const valuesOf = (option: string, what: string) => {
  const read = valueOf(option, what);
  return (value: string, before: string[] = []): string[] => [...before, read(value)];
};

export function parseAccelerator(text: string): Accelerator {
  const known = accelerators.find((name) => name === text);
  if (known !== undefined) return known;
  throw new UsageError(
    'bad-accelerator',
    `--accel takes one of ${accelerators.join(', ')}; got '${text}'${didYouMean(text, accelerators)}.`,
  );
}
