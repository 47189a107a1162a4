import type { EventOf } from '../../events.ts';
import type { Reporter } from '../reporter.ts';
import { forTerminal, lineForTerminal } from './clean.ts';
import { duration } from './lines.ts';
import { type Colours, type Output, verdictColour } from './terminal.ts';

/** How to get into a machine that is kept: a block to paste into a shell, where all but the commands is a comment. */
export function heldLines(
  { cell, verdict, reason, seconds, ways }: EventOf<'held'>,
  colours: Colours,
): string[] {
  const paint = verdictColour(colours, verdict);
  const id = lineForTerminal(cell);
  return [
    `${paint(colours.bold('HELD'))} ${id} did not pass (${verdict}): ${lineForTerminal(reason)}`,
    `# ${id} is kept for ${duration(seconds)} at most; Ctrl-C here, or quit in its monitor, ends it sooner.`,
    '# To get in, from another terminal of this host:',
    ...ways.map((way) => forTerminal(way)),
  ];
}

const because = {
  time: 'its time was over',
  ended: 'its QEMU has ended',
  interrupted: 'the run is ending',
} as const satisfies Record<EventOf<'let-go'>['because'], string>;

export const letGoLine = (event: EventOf<'let-go'>): string =>
  `LET GO ${lineForTerminal(event.cell)} after ${duration(event.seconds)}: ${because[event.because]}`;

/** For a run that says nothing else while it goes on: what is held has to be known. */
export function createHeldReporter(output: Output, colours: Colours): Reporter {
  return {
    onEvent(event) {
      if (event.type === 'held') output.write(`${heldLines(event, colours).join('\n')}\n`);
    },
  };
}
