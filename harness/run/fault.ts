import { BootMatrixError, GuestError, HostError } from '../errors.ts';
import { harnessDefect } from '../events.ts';
import { shortageOf } from '../shortage.ts';
import { shortReason } from './short-reason.ts';

/** An exception as the reports tell it. */
export interface Fault {
  verdict: 'failed' | 'error';
  /** Stable, for scripts; `harness` for a defect of ours. */
  code: string;
  reason: string;
  evidence?: string;
}

/** An exception as a verdict: the guest's fault where it says so, else the host's or ours. */
export function describeError(thrown: unknown): Fault {
  const { reason: text, evidence: seen, ...told } = faultOf(explain(thrown));
  const { reason, whole } = shortReason(text);
  const evidence = [whole, seen].filter((part) => part !== undefined).join('\n');
  return { ...told, reason, ...(evidence === '' ? {} : { evidence }) };
}

function faultOf(error: unknown): Fault {
  if (error instanceof GuestError) {
    const { code, message: reason, evidence } = error;
    return { verdict: 'failed', code, reason, ...(evidence === undefined ? {} : { evidence }) };
  }
  if (error instanceof BootMatrixError) {
    const { code, message: reason, hint } = error;
    return { verdict: 'error', code, reason, ...(hint === undefined ? {} : { evidence: hint }) };
  }
  // Not raised on purpose, so a defect of ours: the stack is what helps.
  const unknown = error instanceof Error ? error : new Error(String(error));
  const reason = `the harness failed: ${unknown.message}`;
  return { verdict: 'error', code: harnessDefect, reason, evidence: unknown.stack ?? '' };
}

/** Whether another attempt may go better: the guest's verdicts stand, and so does what a person has to mend. */
export function isTransient(thrown: unknown): boolean {
  const error = explain(thrown);
  return error instanceof HostError && error.transient;
}

/** What the host ran out of is behind many an error, and the better explanation. */
const explain = (thrown: unknown): unknown =>
  thrown instanceof HostError && thrown.transient ? thrown : (shortageOf(thrown) ?? thrown);
