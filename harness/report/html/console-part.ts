import type { CellRecord } from '../record/record.ts';
import { clean, excerpt } from '../terminal/clean.ts';
import type { CellData } from './cell-data.ts';
import { type Markup, markup } from './markup.ts';

/** How much of the console's end stands in the page's text, in lines. */
const shownLines = 40;

/**
 * The console of a cell: its end as text, with the evidence marked, for whoever has no scripts; these put the recording and
 * the whole text in its place.
 */
export function consolePart(cell: CellRecord, data: CellData | undefined, broken: boolean): Markup | false {
  if (data !== undefined && data.recordings.length > 0) {
    const lines = data.recordings.at(-1)?.lines ?? [];
    return markup`<section class="console">
      <h3>Console</h3>
      <div class="recording"></div>
      ${broken && lines.length > 0 && markup`<pre class="console-end" tabindex="0">${endOf(lines)}</pre>`}
    </section>`;
  }
  if (!broken || cell.evidence === '') return false;
  return markup`<section class="console">
    <h3>Console</h3>
    <pre class="console-end" tabindex="0">
${excerpt(clean(cell.evidence), { lines: shownLines, columns: 400 })}</pre>
  </section>`;
}

type Lines = NonNullable<CellData['recordings'][number]['lines']>;

const endOf = (lines: Lines): (Markup | string)[] =>
  lines
    .slice(-shownLines)
    .flatMap(({ text, mark }) => [
      mark === undefined ? text : markup`<mark class="${mark}">${text}</mark>`,
      '\n',
    ]);
