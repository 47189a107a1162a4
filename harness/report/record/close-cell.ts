import type { CellOutcome, CheckResult } from '../../events.ts';
import type { Attempt, CellRecord, CellState } from './record.ts';
import { lastAttempt } from './record.ts';

/** How the stream ended: `at` is the time of its last event, in seconds since the run began. */
interface End {
  interrupted: boolean;
  at: number;
}

/** Gives a cell its verdict, also where the stream ended before it came: then the run is at fault, not the guest. */
export function closeCell(state: CellState, end: End): CellRecord {
  const attempt = lastAttempt(state);
  if (!attempt) return { ...unstarted(state, end), ...outcomeOf(state.finished) };
  const finished = state.finished ?? attempt.finished;
  const cut = cutOff(state, attempt, end);
  return finished ? { ...cut, checks: attempt.checks, ...outcomeOf(finished) } : cut;
}

/** What the end of the cell told, or of the attempt before a retry that never began. */
function outcomeOf(finished: (CellOutcome & { at: number }) | null): Partial<CellRecord> {
  if (!finished) return {};
  const { verdict, code = null, phase, reason, seconds, access, evidence = '', cpuSeconds, at } = finished;
  return { verdict, code, phase, reason, seconds, access, evidence, cpuSeconds, endedAt: at };
}

function unstarted({ summary, attempts, attachments, inventory }: CellState, end: End): CellRecord {
  return {
    summary,
    attempts,
    attachments,
    inventory,
    verdict: 'skipped',
    code: null,
    phase: null,
    reason:
      summary.skip ??
      `Never started: ${end.interrupted ? 'the run was interrupted' : 'the run ended before'}.`,
    seconds: 0,
    access: null,
    evidence: '',
    checks: [],
    cpuSeconds: null,
    endedAt: end.at,
  };
}

function cutOff(
  { summary, attempts, attachments, inventory }: CellState,
  attempt: Attempt,
  end: End,
): CellRecord {
  const seconds = elapsed(attempt.at, end.at);
  const phase = attempt.phases.at(-1);
  const reason = `${end.interrupted ? 'Interrupted while' : 'The run ended while'} ${doing(attempt)}.`;
  return {
    summary,
    attempts,
    attachments,
    inventory,
    verdict: 'error',
    code: 'interrupted',
    phase: phase?.phase ?? null,
    reason,
    seconds,
    access: attempt.accesses[0]?.access ?? null,
    evidence: phase?.evidence ?? '',
    checks: attempt.running ? [...attempt.checks, unfinishedCheck(attempt.running, end)] : attempt.checks,
    cpuSeconds: null,
    endedAt: end.at,
  };
}

function doing({ running, accesses, phases }: Attempt): string {
  if (running) return `the check ${running.name} ran`;
  if (accesses.length > 0) return 'no check ran, after access was reached';
  const phase = phases.at(-1)?.phase;
  return phase ? `booting; the last phase seen was ${phase}` : 'booting; nothing was seen of the guest';
}

function unfinishedCheck({ name, at }: { name: string; at: number }, end: End): CheckResult {
  const seconds = elapsed(at, end.at);
  const reason = `${end.interrupted ? 'Interrupted' : 'The run ended'} before it came to an end.`;
  return {
    name,
    verdict: 'error',
    code: 'interrupted',
    reason,
    seconds,
    access: [],
    evidence: [],
    file: '',
  };
}

/** Seconds to the millisecond, as events tell them. */
const elapsed = (from: number, to: number): number => Math.round((to - from) * 1000) / 1000;
