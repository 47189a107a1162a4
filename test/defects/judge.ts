import type { Defect, Expectation } from './defect.ts';

/** How a run of the command line over one broken image ended. */
export interface Outcome {
  exitCode: number | undefined;
  stderr: string;
  /** The cell in `summary.json`; absent when nothing was booted. */
  cell?: {
    verdict: string;
    phase: string | null;
    reason: string;
    checks: readonly { name: string; verdict: string; reason: string }[];
  };
}

/** `missed`: no fault was found. `misplaced`: one was, in another place or for another reason. */
export type Judgement = { result: 'caught' } | { result: 'missed' | 'misplaced'; got: string };

/** Holds what the harness said against what a maintainer must read. */
export function judge({ expect }: Pick<Defect, 'expect'>, outcome: Outcome): Judgement {
  const got = describe(outcome);
  if (outcome.cell?.verdict === 'passed' || outcome.cell?.verdict === 'skipped' || outcome.exitCode === 0)
    return { result: 'missed', got };
  return isAsExpected(expect, outcome) ? { result: 'caught' } : { result: 'misplaced', got };
}

function isAsExpected(expect: Expectation, { exitCode, stderr, cell }: Outcome): boolean {
  if ('refused' in expect) return exitCode === 2 && cell === undefined && expect.refused.test(stderr);
  if ('opened' in expect)
    return exitCode === 2 && cell?.verdict === 'error' && expect.opened.test(cell.reason);
  if (exitCode !== 1 || cell?.verdict !== 'failed') return false;
  if ('phase' in expect) return cell.phase === expect.phase && expect.reason.test(cell.reason);
  const { checks, others = 'passed' } = expect;
  return (
    Object.entries(checks).every(([name, reason]) =>
      cell.checks.some((one) => one.name === name && one.verdict === 'failed' && reason.test(one.reason)),
    ) && cell.checks.every(({ name, verdict }) => name in checks || others === 'any' || verdict === 'passed')
  );
}

/** What was got, in one line. */
function describe({ exitCode, stderr, cell }: Outcome): string {
  const code = `exit code ${exitCode ?? 'none'}`;
  if (cell === undefined) return `${code}: ${lastLine(stderr)}`;
  const checks = cell.checks
    .filter(({ verdict }) => verdict !== 'passed')
    .map(({ name, verdict, reason }) => `${name} ${verdict}: ${reason}`);
  const reasons = checks.length > 0 ? checks.join('; ') : cell.reason;
  return `${code}: ${cell.verdict} in ${cell.phase ?? 'no phase'}: ${reasons}`;
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
