import { lineForTerminal } from '../../report/terminal/clean.ts';
import { type Finding, type System, systems } from './finding.ts';

const marks = { good: 'ok', limited: 'note', lacking: 'LACKS' } as const;

/** What a person reads: a line a finding, and under what is not good how it is mended here, or anywhere. */
export function print(findings: readonly Finding[], system: System | undefined): string {
  const lines = findings.flatMap(({ topic, state, found, remedy = {} }) => [
    `${marks[state].padEnd(5)} ${lineForTerminal(topic)}: ${lineForTerminal(found)}`,
    ...(system === undefined ? systems : [system]).flatMap((one) =>
      remedy[one] === undefined ? [] : [`      ${system === undefined ? `${one}: ` : ''}${remedy[one]}`],
    ),
  ]);
  const lacking = findings.filter(({ state }) => state === 'lacking').length;
  const end = lacking === 0 ? 'Nothing is lacking.' : `${lacking} of ${findings.length} are lacking.`;
  return `${lines.join('\n')}\n\n${end}\n`;
}
