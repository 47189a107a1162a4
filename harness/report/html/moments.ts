import type { Attachment, Attempt, Happening } from '../record/record.ts';
import type { FileLink } from './anchors.ts';
import { cleanLine, clean } from '../terminal/clean.ts';
import { isBroken } from './words.ts';

/** Something on a cell's time line; every text is clean. Seconds since the attempt began. */
export interface Moment {
  lane: 'phase' | 'check' | 'command' | 'keys' | 'screen' | 'event';
  at: number;
  /** Absent for what takes no time. */
  end?: number;
  text: string;
  detail?: string;
  /** What went wrong. */
  bad?: true;
  /** A picture's link. */
  picture?: string;
}

/** All that a time line shows of an attempt that ended so many seconds after the run began, in order of time. */
export function momentsOf(
  attempt: Attempt,
  pictures: readonly Attachment[],
  { endedAt, linkTo }: { endedAt: number; linkTo: FileLink },
): Moment[] {
  const zero = beginOf(attempt);
  const end = endedAt - zero;
  const moments = attempt.events.flatMap((event, index) =>
    momentOf(event, event.at - zero, attempt.events.slice(index + 1), { zero, end }),
  );
  const seen = pictures.map(({ name, path, shows, at }): Moment => {
    const detail = shows === undefined ? {} : { detail: clean(shows) };
    return { lane: 'screen', at: at - zero, text: cleanLine(name), picture: linkTo(path), ...detail };
  });
  return [...moments, ...seen].sort((a, b) => a.at - b.at);
}

/** When an attempt's first machine was switched on, in seconds since the run began. */
export const beginOf = ({ machines, at }: Attempt): number => machines[0]?.at ?? at;

function momentOf(
  event: Happening,
  at: number,
  later: readonly Happening[],
  { zero, end }: { zero: number; end: number },
): Moment[] {
  switch (event.type) {
    case 'phase': {
      const next = later.find(({ type }) => type === 'phase' || type === 'rung-shut');
      const until = next === undefined ? end : next.at - zero;
      return [{ lane: 'phase', at, end: until, text: event.phase, detail: clean(event.evidence) }];
    }
    case 'access':
      return [{ lane: 'event', at, text: `way in: ${event.access} as ${cleanLine(event.user)}` }];
    case 'rung-shut':
      return [{ lane: 'event', at, text: `nobody got in: ${cleanLine(event.reason)}`, bad: true }];
    case 'check-started': {
      const ended = later.find((one) => one.type === 'check-finished' && one.result.name === event.check) as
        | Extract<Happening, { type: 'check-finished' }>
        | undefined;
      const { verdict = 'error', reason = '' } = ended?.result ?? {};
      return [
        {
          lane: 'check',
          at,
          end: ended === undefined ? end : ended.at - zero,
          text: cleanLine(event.check),
          ...(reason === '' ? {} : { detail: clean(reason) }),
          ...(isBroken(verdict) ? { bad: true } : {}),
        },
      ];
    }
    case 'check-finished':
      return [];
    case 'keys':
      return [{ lane: 'keys', at: at - event.seconds, end: at, text: cleanLine(event.keys) }];
    case 'command': {
      const command = withoutPath(clean(event.command));
      const answer = event.status === null ? 'no answer came' : `exit status ${event.status}`;
      const detail = `${command}\n\n${clean(event.output).trimEnd()}\n(${answer}, as ${cleanLine(event.user)} by ${event.access})`;
      const text = firstLine(command);
      return [{ lane: 'command', at: at - event.seconds, end: at, text, detail }];
    }
    case 'held': {
      const gone = later.find(({ type }) => type === 'let-go');
      const until = gone === undefined ? end : gone.at - zero;
      return [{ lane: 'event', at, end: until, text: 'held for a person, after it did not pass' }];
    }
    case 'let-go':
      return [];
    case 'qmp':
      return [{ lane: 'event', at, text: `QEMU: ${cleanLine(event.event)}`, detail: clean(event.data) }];
  }
}

/** Scripts begin with where programs are, which is no news. */
const withoutPath = (command: string): string => command.replace(/^PATH=[^\n]*\n\s*(?=\S)/, '');

const firstLine = (text: string): string => text.trim().split('\n', 1)[0] ?? '';
