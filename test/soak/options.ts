import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError } from '../../harness/errors.ts';
import { type Pressure, pressures } from './pressure.ts';

export interface SoakOptions {
  /** Cells that are to have run in all sessions together. */
  cells: number;
  /** Minutes after which this session ends; null: when all cells have run. */
  minutes: number | null;
  pressure: readonly Pressure[];
  /** Per cent of the time. */
  duty: number;
  out: string;
  /** Adds to the record in `out`. */
  goOn: boolean;
  /** For the command line, e.g. a filter. */
  args: string[];
}

function count(name: string, text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new UsageError('bad-usage', `--${name} takes a whole number, 1 or more; got '${text}'.`);
}

function percent(name: string, text: string): number {
  const value = count(name, text);
  if (value <= 100) return value;
  throw new UsageError('bad-usage', `--${name} takes per cent, 1 to 100; got '${text}'.`);
}

function pressure(text: string): readonly Pressure[] {
  if (text === 'none') return [];
  return text.split(',').map((word) => {
    const known = pressures.find((one) => one === word);
    if (known !== undefined) return known;
    throw new UsageError(
      'bad-usage',
      `--pressure takes none, or some of ${pressures.join(',')}; got '${text}'.`,
    );
  });
}

/** @throws UsageError */
export function parseSoakOptions(argv: readonly string[]): SoakOptions {
  // pnpm hands its own separator on: `pnpm test:soak -- --cells 2`.
  const all = argv[0] === '--' ? argv.slice(1) : argv;
  const separator = all.indexOf('--');
  const own = separator === -1 ? all : all.slice(0, separator);
  try {
    const { values } = parseArgs({
      args: [...own],
      options: {
        cells: { type: 'string', default: '200' },
        minutes: { type: 'string' },
        pressure: { type: 'string', default: pressures.join(',') },
        duty: { type: 'string', default: '100' },
        out: { type: 'string', default: 'reports/soak' },
        continue: { type: 'boolean', default: false },
      },
    });
    return {
      cells: count('cells', values.cells),
      minutes: values.minutes === undefined ? null : count('minutes', values.minutes),
      pressure: pressure(values.pressure),
      duty: percent('duty', values.duty),
      out: resolve(values.out),
      goOn: values.continue,
      args: separator === -1 ? [] : all.slice(separator + 1),
    };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      'bad-usage',
      `${(error as Error).message.split('\n', 1)[0]}; see test/soak/README.md.`,
    );
  }
}
