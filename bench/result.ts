/** One figure and what it should be. */
export interface Result {
  name: string;
  value: number;
  /** @default a ratio */
  unit?: 's' | 'MiB' | 'errors';
  /** The value is to stay below this. @default none: it is told to be known */
  goal?: number;
  /** The figures that it was made of. */
  of: string;
}

export const isMissed = ({ value, goal }: Result): boolean => goal !== undefined && !(value < goal);

export function describeResult(result: Result): string {
  const { name, value, unit, goal, of } = result;
  const figure = `${name}: ${value.toFixed(3)}${unit === undefined ? '' : ` ${unit}`}`;
  if (goal === undefined) return `told   ${figure} = ${of}`;
  return `${isMissed(result) ? 'MISSED' : 'met   '} ${figure} (goal: below ${goal}) = ${of}`;
}

/** The value below which so many of a hundred are. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => percentile(values, 50);
