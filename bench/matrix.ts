import { costOf } from './cost.ts';
import type { Result } from './result.ts';
import { runCells } from './run-cells.ts';

/** Runs the reference matrix once, or what `args` (of `pnpm test:boot`) say, and tells what it cost. */
export const matrix = async (args: readonly string[]): Promise<Result[]> => costOf(await runCells(args));
