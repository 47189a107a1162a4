import { lineForTerminal } from './clean.ts';
import { Fold } from '../record/fold.ts';
import { archiveLine, duration, finishedLine, headerLines, machinesLine, noticeLine } from './lines.ts';
import { heldLines, letGoLine } from './held.ts';
import type { Reporter } from '../reporter.ts';
import type { Colours, Output } from './terminal.ts';

/** The live view of a pipe or a CI's log: one line when a cell starts, reaches access and finishes. */
export function createPlainReporter(output: Output, colours: Colours): Reporter {
  const state = new Fold();
  const print = (...lines: string[]) => void output.write(lines.map((line) => `${line}\n`).join(''));

  return {
    onEvent(event) {
      state.add(event);
      switch (event.type) {
        case 'run-started':
          print(...headerLines(event));
          break;
        case 'release-started':
        case 'cell-started': {
          const again = event.attempt > 1 ? ` attempt ${event.attempt}` : '';
          print(`START ${lineForTerminal(event.cell)}${again}`);
          break;
        }
        case 'access':
          print(
            `ACCESS ${lineForTerminal(event.cell)} ${duration(event.seconds)} ${event.access} as ${lineForTerminal(event.user)}`,
          );
          break;
        case 'attempt-finished':
        case 'cell-finished':
          print(finishedLine(state.cell(event.cell), event, colours));
          break;
        case 'held':
          print(...heldLines(event, colours));
          break;
        case 'let-go':
          print(letGoLine(event));
          break;
        case 'archive-opening':
        case 'archive-opened':
          print(archiveLine(event));
          break;
        case 'machines-at-once':
          print(machinesLine(event, colours));
          break;
        case 'notice':
          print(noticeLine(event, colours));
          break;
      }
    },
  };
}
