/** What a figure may come to, by what it was in earlier runs. */

/** Beyond the median: so many times the runs' own noise, and no less than this share of it. */
const noises = 4;
/** One run says nothing of its noise, and two little: a busy host takes half as long again. */
const leastShare = (runs: number): number => (runs < 3 ? 0.5 : runs < 6 ? 0.3 : 0.15);
/** The standard deviation of a normal distribution, by its median absolute deviation. */
const perDeviation = 1.4826;

/** The middle of some values; not a number where there are none. */
export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
};

/**
 * The most that is explained by the noise of earlier runs.
 * @param least what is never a matter, in the figure's unit: a tenth of a second more is nothing.
 */
export function upperBound(history: readonly number[], least: number): number {
  const middle = median(history);
  const noise = perDeviation * median(history.map((value) => Math.abs(value - middle)));
  return middle + Math.max(noises * noise, leastShare(history.length) * middle, least);
}
