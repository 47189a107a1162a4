import { readFileSync } from 'node:fs';
import { UsageError } from '../../errors.ts';
import type { RunEvent } from '../../events.ts';

/**
 * Reads a recorded event stream. A last line that is torn, as a crash leaves it, is left out.
 * @throws UsageError `event-log-unreadable` when the file cannot be read, holds none, or another line of it is no event.
 */
export function readEvents(file: string): RunEvent[] {
  let text;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError('event-log-unreadable', `${file} could not be read: ${(error as Error).message}`, {
      cause: error,
    });
  }

  const lines = text.split('\n');
  const events = lines.flatMap((line, index) => {
    const event = parseEvent(line);
    if (event) return [event];
    if (index === lines.length - 1) return [];
    throw new UsageError(
      'event-log-unreadable',
      `Expected one event per line in ${file}, got something else in line ${index + 1}.`,
    );
  });
  if (events.length > 0) return events;
  throw new UsageError(
    'event-log-unreadable',
    `Expected the events of a run in ${file}, got none: it ended before it began.`,
  );
}

/** The event of a line; undefined for a line that holds none. */
export function parseEvent(line: string): RunEvent | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const isEvent = typeof value === 'object' && value !== null && 'type' in value && 'at' in value;
    return isEvent ? (value as RunEvent) : undefined;
  } catch {
    return undefined;
  }
}
