import { describe, expect, it } from 'vitest';
import { knownLayouts } from '../../harness/console/keys/layouts.ts';
import { layoutName } from '../contracts/contract.ts';
import { answerOf, probe } from './probe.ts';
import { recognise } from './recognise.ts';

/** What a keyboard answers where the layout says nothing of the keys. */
const other = '?';

describe.each(['xkb', 'kernel'] as const)('by the characters of %s', (by) => {
  const answersOf = (layout: (typeof knownLayouts)[number]): string[] =>
    probe.map((line) => answerOf(layout, line, by) ?? other);

  it.each(knownLayouts)('$layout($variant) is recognised', (layout) => {
    const { layouts, wrong } = recognise(answersOf(layout), by);
    expect(layouts).toContainEqual(layout);
    expect(wrong).toEqual([]);
  });

  it('all are told apart but for two pairs of twins', () => {
    const groups = new Set(
      knownLayouts.map((layout) => recognise(answersOf(layout), by).layouts.map(layoutName).join(' ')),
    );
    expect([...groups].filter((names) => names.includes(' '))).toEqual(['de at', 'se fi']);
  });
});

it('names the nearest of what no layout explains', () => {
  const swiss = { layout: 'ch', variant: '' };
  const answers = probe.map((line) => (line.what === 'AltGr' ? 'x' : (answerOf(swiss, line, 'xkb') ?? '')));
  const { layouts, wrong } = recognise(answers, 'xkb');
  expect(layouts.map(layoutName)).toEqual(['ch']);
  expect(wrong.map(({ what }) => what)).toEqual(['AltGr']);
});
