import { createLogUpdate } from 'log-update';
import { Fold } from '../record/fold.ts';
import { wrap } from './layout.ts';
import { archiveLine, finishedLine, headerLines, machinesLine, noticeLine } from './lines.ts';
import { heldLines, letGoLine } from './held.ts';
import type { Reporter } from '../reporter.ts';
import type { Colours, Output } from './terminal.ts';
import { windowFrame } from './window-frame.ts';

/** The live view of a terminal: lines of finished cells, and below them a block of the running ones. */
export function createWindowReporter(output: Output, colours: Colours): Reporter {
  const state = new Fold();
  // A cursor that is never hidden needs no signal handler to come back after a crash.
  const block = createLogUpdate(output, { showCursor: true });
  let lastEvent = performance.now();
  let ticking: NodeJS.Timeout | undefined;

  const width = () => output.columns ?? 80;
  const render = () => {
    const now = state.at + (performance.now() - lastEvent) / 1000;
    block(windowFrame(state, { columns: width(), rows: output.rows ?? 24, now, colours }));
  };
  /** Prints lines above the block. */
  const persist = (...lines: string[]) => {
    block.persist(lines.map((line) => wrap(line, width())).join('\n'));
  };

  return {
    onEvent(event) {
      state.add(event);
      lastEvent = performance.now();
      if (event.type === 'run-started') {
        persist(...headerLines(event));
        ticking = setInterval(render, 1000).unref();
      }

      if (event.type === 'attempt-finished' || event.type === 'cell-finished') {
        persist(finishedLine(state.cell(event.cell), event, colours));
      }
      if (event.type === 'archive-opened') persist(archiveLine(event));
      if (event.type === 'machines-at-once') persist(machinesLine(event, colours));
      if (event.type === 'notice') persist(noticeLine(event, colours));
      // As they are: a line that is broken cannot be pasted.
      if (event.type === 'held') block.persist(heldLines(event, colours).join('\n'));
      if (event.type === 'let-go') persist(letGoLine(event));
      render();
    },
    finish() {
      clearInterval(ticking);
      block.clear();
    },
  };
}
