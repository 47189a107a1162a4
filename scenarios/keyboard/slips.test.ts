import { expect, it } from 'vitest';
import { explainSlip } from './slips.ts';

const ch = { layout: 'ch', variant: '' };
const chords = [['z'], ['equal'], ['e'], ['alt_r', '2']];

it.each([
  ['yê@', null],
  ['ê@', 'the key z was lost'],
  ['ye@', 'the key equal was lost'],
  ['yyê@', 'the key z came twice'],
  ['yêe@', 'the key e came twice'],
  ['yê@@', 'the key alt_r+2 came twice'],
  ['ŷe@', 'the key equal came before z'],
  ['zê@', null],
])('%j: %s', (answer, told) => {
  expect(explainSlip(ch, chords, answer)).toBe(told);
});
