import type { Emit, EventBody, RunEvent } from '../../events.ts';
import type { EventLog } from './event-log.ts';
import type { Reporter } from '../reporter.ts';

export interface EventBus {
  /** Stamps an event, writes it to the log and hands it to the reporters. Never throws; ignored after `finish`. */
  readonly emit: Emit;
  /**
   * Closes the log and finishes the reporters in their order.
   * @returns what went wrong in them during the run or now; empty when every report is whole.
   */
  finish(): Promise<Error[]>;
}

/** Where the run's events come in and go out: to the log first, then to each reporter. */
export function createEventBus({ log, reporters }: { log: EventLog; reporters: Reporter[] }): EventBus {
  const begin = performance.now();
  const problems: Error[] = [];
  const listening = new Set(reporters);
  let logging = true;
  let finished = false;

  function emit(body: EventBody): void {
    if (finished) return;
    const at = Math.round(performance.now() - begin) / 1000;
    const line = JSON.stringify({ time: new Date().toISOString(), at, ...body });
    // After a write that failed half-way, another one would glue two events together: what is written stays whole.
    if (logging) {
      logging = attempt(() => log.append(line));
    }

    // The reporters get what a later reader of the log will get, so that a replay cannot differ.
    const event = JSON.parse(line) as RunEvent;
    for (const reporter of listening) {
      if (!attempt(() => reporter.onEvent(event))) listening.delete(reporter);
    }
  }

  async function finish(): Promise<Error[]> {
    if (finished) return problems;
    finished = true;
    attempt(() => log.close());
    for (const reporter of reporters) {
      try {
        await reporter.finish?.();
      } catch (error) {
        problems.push(toError(error));
      }
    }

    return problems;
  }

  /** A report that breaks must not end the run: the error is kept for `finish`. */
  function attempt(action: () => void): boolean {
    try {
      action();
      return true;
    } catch (error) {
      problems.push(toError(error));
      return false;
    }
  }

  return { emit, finish };
}

const toError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));
