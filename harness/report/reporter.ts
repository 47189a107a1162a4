import type { RunEvent } from '../events.ts';

/** A reader of the event stream. It sees exactly what `events.jsonl` holds, in that order. */
export interface Reporter {
  onEvent(event: RunEvent): void;
  /** Called once, after the last event; also for a run that was interrupted. */
  finish?(): Promise<void> | void;
}
