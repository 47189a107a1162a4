import type { CellSummary, EventOf, ImageFileDigest, RunEvent } from '../../events.ts';
import { closeCell } from './close-cell.ts';
import { addToCell } from './fold-cell.ts';
import type { CellState, Counts, DigestRecord, RunRecord } from './record.ts';
import { byteOrder } from './record.ts';

/** Folds a whole stream, recorded or live, into the record that every report is written from. */
export function fold(events: Iterable<RunEvent>): RunRecord {
  const state = new Fold();
  for (const event of events) state.add(event);
  return state.record();
}

/** The run as far as it was told; readers that show it while it happens look at `cells`. */
export class Fold {
  started: EventOf<'run-started'> | null = null;
  finished: EventOf<'run-finished'> | null = null;
  /** Seconds since the run began of the newest event. */
  at = 0;
  readonly cells = new Map<string, CellState>();
  /** The archives that are being opened, and how much of each was read, 0 to 1. */
  readonly opening = new Map<string, number>();
  readonly #digests = new Map<string, DigestRecord>();
  readonly #notices: RunRecord['notices'] = [];
  #comparison: RunRecord['comparison'] = null;

  add(event: RunEvent): void {
    this.at = Math.max(this.at, event.at);
    switch (event.type) {
      case 'run-started':
        this.started = event;
        for (const summary of event.cells) this.#listed(summary);
        break;
      case 'digests':
        for (const file of event.files) this.#digest(event.when, file);
        break;
      case 'archive-opening':
        this.opening.set(event.path, event.share);
        break;
      case 'archive-opened':
        this.opening.delete(event.path);
        break;
      // How fast the host is at some moment: the log keeps it, the same input gives the same report.
      case 'machines-at-once':
        break;
      case 'notice':
        this.#notices.push({ level: event.level, text: event.text });
        break;
      case 'compared':
        // Runs of earlier releases have no trends.
        this.#comparison = { across: event.across, against: event.against, trends: event.trends ?? null };
        break;
      case 'run-finished':
        this.finished = event;
        break;
      default:
        addToCell(this.cell(event.cell), event);
    }
  }

  /** The state of a cell; one that the run did not announce is told by its id alone. */
  cell(id: string): CellState {
    const unlisted = { id, format: '', arch: '', firmware: '', medium: '', image: '' };
    return this.cells.get(id) ?? this.#listed(unlisted);
  }

  record(): RunRecord {
    const interrupted = this.finished?.interrupted ?? true;
    const cells = [...this.cells.values()]
      .map((state) => closeCell(state, { interrupted, at: this.at }))
      .sort((a, b) => byteOrder(a.summary.id, b.summary.id));
    const none = { passed: 0, failed: 0, error: 0, skipped: 0, flaky: 0, known: 0 };
    const counts: Counts = { total: cells.length, ...none };
    for (const cell of cells) counts[cell.verdict]++;
    return {
      version: this.started?.version ?? '',
      command: this.started?.command ?? [],
      contract: this.started?.contract ?? '',
      contractDigest: this.started?.contractDigest ?? null,
      harnessDigest: this.started?.harnessDigest ?? null,
      host: this.started?.host ?? null,
      ...(this.started?.checks === undefined ? {} : { checks: this.started.checks }),
      started: this.started?.time ?? '',
      seconds: this.finished?.seconds ?? this.at,
      interrupted,
      accelerator: this.started?.accelerator ?? {},
      qemu: this.started?.qemu ?? {},
      cells,
      counts,
      digests: [...this.#digests.values()].sort((a, b) => byteOrder(a.path, b.path)),
      comparison: this.#comparison,
      notices: this.#notices,
    };
  }

  #listed(summary: CellSummary): CellState {
    const state: CellState = { summary, attempts: [], attachments: [], inventory: null, finished: null };
    this.cells.set(summary.id, state);
    return state;
  }

  #digest(when: 'before' | 'after', { path, sha256 }: ImageFileDigest): void {
    const digest = this.#digests.get(path) ?? { path, before: null, after: null };
    this.#digests.set(path, { ...digest, [when]: sha256 });
  }
}
