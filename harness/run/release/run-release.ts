import type { CheckResult, Emit, Verdict } from '../../events.ts';
import type { ReleaseFault, ReleaseFinding } from '../../images/release/release.ts';
import type { ReleaseCell } from '../../matrix/cell.ts';
import type { Digests } from '../digests.ts';
import { describeError } from '../fault.ts';
import { asKnown, type KnownFailure, knownOf } from '../known.ts';
import { sumUp } from '../verdict.ts';
import type { ReleaseWishes } from '../../release-checks.ts';
import { releaseChecks } from './checks.ts';

interface Place {
  wishes: ReleaseWishes;
  digests: Digests;
  known: readonly KnownFailure[];
  emit: Emit;
  /** Ends it between two checks. */
  signal: AbortSignal;
}

/** Checks what a release is published with. Does not reject; undefined where it was interrupted. */
export async function runRelease(
  cell: ReleaseCell,
  { wishes, digests, known, emit, signal }: Place,
): Promise<{ verdict: Verdict; seconds: number } | undefined> {
  const began = performance.now();
  emit({ type: 'release-started', cell: cell.id, attempt: 1 });
  const results: CheckResult[] = [];
  for (const check of releaseChecks.filter(({ name }) => cell.checks.includes(name))) {
    if (signal.aborted) return undefined;
    emit({ type: 'check-started', cell: cell.id, check: check.name });
    const result = await resultOf(check.name, () => check.run(cell.release, { wishes, digests }));
    const expected = knownOf(known, cell, check.name);
    results.push(expected === undefined ? result : asKnown(result, expected));
    emit({ type: 'check-finished', cell: cell.id, result: results.at(-1) ?? result });
  }
  const { transient: _, ...told } = sumUp(results.map((result) => ({ result, transient: false })));
  const seconds = (performance.now() - began) / 1000;
  const outcome = { ...told, seconds, phase: null, cpuSeconds: null, access: null };
  emit({ type: 'cell-finished', cell: cell.id, attempts: 1, ...outcome });
  return { verdict: told.verdict, seconds };
}

async function resultOf(name: string, run: () => Promise<ReleaseFinding>): Promise<CheckResult> {
  const began = performance.now();
  const told = await run().then(tell, tellError);
  const seconds = (performance.now() - began) / 1000;
  return { name, ...told, seconds, access: [], file: 'harness/run/release/checks.ts' };
}

type Told = Pick<CheckResult, 'verdict' | 'reason' | 'evidence' | 'code'>;

function tell({ faults, told }: ReleaseFinding): Told {
  const [first, ...others] = faults;
  if (first === undefined) {
    return { verdict: 'passed', reason: '', evidence: [{ action: 'compared', observed: told.join('\n') }] };
  }
  const more = others.length === 0 ? '' : `; and ${others.length} more`;
  const evidence = faults.map(({ action, ...fault }) => ({ action, observed: sentence(fault) }));
  return { verdict: 'failed', reason: `${first.action}: ${sentence(first)}${more}`, evidence };
}

function tellError(thrown: unknown): Told {
  const { verdict, code, reason, evidence } = describeError(thrown);
  return {
    verdict,
    code,
    reason,
    evidence: evidence === undefined ? [] : [{ action: 'it ended with an error', observed: evidence }],
  };
}

const sentence = ({ expected, got }: Omit<ReleaseFault, 'action'>): string =>
  `expected ${expected}, got ${got}`;
