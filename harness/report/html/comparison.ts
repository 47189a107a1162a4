import { type Table, tablesOf } from '../comparison/tables.ts';
import type { RunRecord } from '../record/record.ts';
import { lineForTerminal } from '../terminal/clean.ts';
import { type Markup, markup } from './markup.ts';

/** What differs between the cells, and from an earlier run. */
export function comparison({ comparison: found }: RunRecord): Markup | false {
  const tables = found === null ? [] : tablesOf(found);
  if (tables.length === 0) return false;
  return markup`<section class="comparison" aria-labelledby="comparison-title">
    <h2 id="comparison-title">What differs</h2>
    ${tables.map(section)}
  </section>`;
}

const section = ({ kind, level, title, head, rows, more }: Table): Markup =>
  markup`<h3 class="${level}"><b class="level">${level}</b> ${lineForTerminal(title)}</h3>
    <div class="scrolls" tabindex="0" role="region" aria-label="${lineForTerminal(title)}">
      <table>
        <thead><tr>${head.map((text) => markup`<th scope="col">${text === '' ? unnamed : lineForTerminal(text)}</th>`)}</tr></thead>
        <tbody>${rows.map((cells) => row(cells, { kind, head }))}</tbody>
      </table>
    </div>
    ${more > 0 && markup`<p class="aside">… and ${more} more, in summary.json</p>`}`;

/** A column whose name goes without saying, but for whoever hears it. */
const unnamed = markup`<span class="unseen">what</span>`;

function row(
  [name = '', ...values]: readonly string[],
  { kind, head }: Pick<Table, 'kind' | 'head'>,
): Markup {
  // What most cells have, or had before, stands first: what is otherwise is to be seen in one look.
  const isCompared = (index: number): boolean => kind === 'drift' || head[index + 1] === 'now';
  return markup`<tr><th scope="row">${lineForTerminal(name)}</th>${values.map(
    (text, index) =>
      markup`<td class="${isCompared(index) && text !== values[0] ? 'other' : 'same'}">${lineForTerminal(text)}</td>`,
  )}</tr>`;
}
