import path from 'node:path';
import { lineForTerminal } from './clean.ts';
import type { Fold } from '../record/fold.ts';
import { clip, padEnd, padStart, widest } from './layout.ts';
import { duration, percent } from './lines.ts';
import type { Attempt, CellState } from '../record/record.ts';
import { hasMachine, lastAttempt } from '../record/record.ts';
import type { Colours } from './terminal.ts';

interface Frame {
  /** Size of the terminal. */
  columns: number;
  rows: number;
  /** Seconds since the run began. */
  now: number;
  colours: Colours;
}

/** What the live block shows: the cells that run, the longest first, as many as fit, and how far the run is. */
export function windowFrame(state: Fold, { columns, rows, now, colours }: Frame): string {
  const cells = [...state.cells.values()];
  const running = cells.flatMap(runningCell).sort((a, b) => a.attempt.at - b.attempt.at);
  // A full last column or row would make some terminals wrap or scroll.
  const width = columns - 1;
  const height = rows - 2;
  const shown = running.length > height ? running.slice(0, Math.max(0, height - 1)) : running;
  const idWidth = Math.min(widest([...state.cells.keys()].map(lineForTerminal)), Math.max(8, width - 20));
  const lines = shown.map(({ id, attempt, boots }) => {
    const seconds = `${Math.max(0, Math.floor(now - attempt.at))} s`;
    return clip(`${padEnd(id, idWidth)} ${padStart(seconds, 6)}  ${doing(attempt, boots)}`, width);
  });
  if (shown.length < running.length && height > 0) {
    lines.push(colours.dim(clip(`… and ${running.length - shown.length} more running`, width)));
  }

  for (const [archive, share] of state.opening) {
    if (lines.length >= height) break;
    lines.push(clip(`opening ${lineForTerminal(path.basename(archive))} ${percent(share)}`, width));
  }

  lines.push(colours.bold(clip(statusLine(cells, running.length, now), width)));
  return lines.join('\n');
}

function runningCell(state: CellState): { id: string; attempt: Attempt; boots: boolean }[] {
  const attempt = lastAttempt(state);
  return attempt && !attempt.finished && !state.finished
    ? [{ id: lineForTerminal(state.summary.id), attempt, boots: hasMachine(state) }]
    : [];
}

/** The phase while it boots, then the check that runs, without a machine that alone; or that it waits for a person. */
function doing({ phases, accesses, running, isHeld }: Attempt, boots: boolean): string {
  if (isHeld) return 'did not pass; held for a person';
  if (!boots) return running ? lineForTerminal(running.name) : '';
  const phase = phases.at(-1)?.phase ?? (accesses.length > 0 ? 'shell' : 'starting');
  return running ? `${phase}  ${lineForTerminal(running.name)}` : phase;
}

function statusLine(cells: CellState[], running: number, now: number): string {
  const ended = cells.flatMap(({ finished }) => finished ?? []);
  const broken = ended.filter(({ verdict }) => verdict === 'failed' || verdict === 'error').length;
  const skippedUnsaid = cells.filter(
    (cell) => isWithoutEvents(cell) && cell.summary.skip !== undefined,
  ).length;
  const done = ended.length + skippedUnsaid;
  const parts = [
    `${done}/${cells.length} done`,
    ...(broken > 0 ? [`${broken} not passed`] : []),
    `${running} running`,
    `${cells.length - done - running} waiting`,
    duration(Math.floor(now)).replace('.0', ''),
  ];
  return parts.join(' · ');
}

const isWithoutEvents = ({ attempts, finished }: CellState): boolean => attempts.length === 0 && !finished;
