import { knownLayouts } from '../../harness/console/keys/layouts.ts';
import type { Layout } from '../../harness/console/keys/keyboard.ts';
import { answerOf, type Interpreter, probe, type ProbeLine } from './probe.ts';

/** The layouts that explain what was read, as well as any does. */
export interface Recognition {
  /** More than one where they cannot be told apart. */
  layouts: readonly Layout[];
  /** The lines that even they do not explain. */
  wrong: readonly ProbeLine[];
}

/** The lines of the probe for which a layout gives another answer. */
export const wrongLines = (layout: Layout, answers: readonly string[], by: Interpreter): ProbeLine[] =>
  probe.filter((line, index) => {
    const expected = answerOf(layout, line, by);
    return expected !== null && expected !== answers[index];
  });

const comparable = (layout: Layout, by: Interpreter): number =>
  probe.filter((line) => answerOf(layout, line, by) !== null).length;

/**
 * Whose keyboard answers like this.
 * @param answers one for each line of the probe
 */
export function recognise(answers: readonly string[], by: Interpreter): Recognition {
  const rated = knownLayouts.map((layout) => {
    const wrong = wrongLines(layout, answers, by);
    return { layout, wrong, right: comparable(layout, by) - wrong.length };
  });
  const best = rated.reduce((a, b) =>
    b.wrong.length < a.wrong.length || (b.wrong.length === a.wrong.length && b.right > a.right) ? b : a,
  );
  const same = rated.filter(({ wrong, right }) => wrong.length === best.wrong.length && right === best.right);
  return { layouts: same.map(({ layout }) => layout), wrong: best.wrong };
}
