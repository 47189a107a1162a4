import path from 'node:path';
import type { EventOf, RunEvent } from '../../events.ts';
import type { Attachment, Attempt, CellState } from './record.ts';
import { lastAttempt } from './record.ts';

type CellEvent = Extract<RunEvent, { cell: string }>;

/** What an event adds to what is known of its cell. */
export function addToCell(state: CellState, event: CellEvent): void {
  if (event.type === 'cell-started') {
    // A machine that is started anew within an attempt takes the place of the one before.
    const others = state.attempts.filter(({ number }) => number !== event.attempt);
    const before = state.attempts.find(({ number }) => number === event.attempt);
    const { shut = [], machines = [], events = [] } = before ?? {};
    state.attempts = [...others, { ...newAttempt(event), shut, machines: [...machines, event], events }];
    return;
  }

  if (event.type === 'release-started') {
    state.attempts.push(newAttempt(event));
    return;
  }

  if (event.type === 'attachment') {
    // A retry writes the same file again.
    const { name, path: file, shows, detail, at } = event;
    const others = state.attachments.filter((attachment) => attachment.path !== file);
    const more = { ...(shows === undefined ? {} : { shows }), ...(detail === undefined ? {} : { detail }) };
    state.attachments = [...others, { name, path: file, ...more, at }];
    return;
  }

  if (event.type === 'inventory') {
    const { file, seconds, unread } = event;
    state.inventory = { file, seconds, unread };
    return;
  }

  if (event.type === 'cell-finished') {
    const { attempts, time, at } = event;
    if (attempts > state.attempts.length) state.attempts.push(newAttempt({ attempt: attempts, time, at }));
    state.finished = event;
    return;
  }

  if (event.type === 'attempt-finished') {
    if (state.attempts.at(-1)?.number !== event.attempt) state.attempts.push(newAttempt(event));
    state.inventory = null;
    state.attachments = state.attachments.map((file) => keptIn(event.directory, event.attempt, file));
  }

  const attempt = lastAttempt(state);
  if (attempt) addToAttempt(attempt, event);
}

/** Where a file of an earlier attempt lies now: it gave way to the next one's of the same name. */
function keptIn(directory: string, attempt: number, file: Attachment): Attachment {
  if (file.attempt !== undefined) return file;
  const { dir, base } = path.parse(file.path);
  return {
    ...file,
    name: `${file.name} of attempt ${attempt}`,
    path: path.join(dir, directory, base),
    attempt,
  };
}

/** An attempt that ended before it had a machine is first told of by its end. */
const newAttempt = ({ attempt, time, at }: { attempt: number; time: string; at: number }): Attempt => ({
  number: attempt,
  time,
  at,
  phases: [],
  accesses: [],
  checks: [],
  shut: [],
  explanation: null,
  running: null,
  isHeld: false,
  finished: null,
  machines: [],
  events: [],
});

function addToAttempt(
  attempt: Attempt,
  event: Exclude<
    CellEvent,
    EventOf<'cell-started' | 'release-started' | 'cell-finished' | 'attachment' | 'inventory'>
  >,
): void {
  if (event.type !== 'attempt-finished' && event.type !== 'explanation') attempt.events.push(event);
  switch (event.type) {
    case 'phase': {
      const { phase, seconds, cpuSeconds, starvedSeconds, evidence } = event;
      const cost = cpuSeconds === undefined ? {} : { cpuSeconds };
      const waited = starvedSeconds === undefined ? {} : { starvedSeconds };
      attempt.phases.push({ phase, seconds, ...cost, ...waited, evidence });
      break;
    }
    case 'access':
      attempt.accesses.push({ access: event.access, seconds: event.seconds, user: event.user });
      break;
    case 'rung-shut':
      attempt.shut.push({ rung: event.rung, reason: event.reason });
      break;
    case 'explanation': {
      const { rung, outcome, sentence, phase, seconds, directory, evidence } = event;
      const seen = evidence === undefined ? {} : { evidence };
      attempt.explanation = { rung, outcome, sentence, phase, seconds, directory, ...seen };
      break;
    }
    case 'held':
    case 'let-go':
      attempt.isHeld = event.type === 'held';
      break;
    case 'check-started':
      attempt.running = { name: event.check, at: event.at };
      break;
    case 'check-finished':
      attempt.checks.push(event.result);
      attempt.running = null;
      break;
    case 'attempt-finished':
      attempt.finished = event;
      break;
  }
}
