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
        <thead><tr>${head.map((text) => markup`<th scope="col">${lineForTerminal(text)}</th>`)}</tr></thead>
        <tbody>${rows.map((cells) => row(cells, kind))}</tbody>
      </table>
    </div>
    ${more > 0 && markup`<p class="aside">… and ${more} more, in summary.json</p>`}`;

const row = ([name = '', ...values]: readonly string[], kind: Table['kind']): Markup => {
  // What most cells have, or had before, stands first: what is otherwise is to be seen in one look. Of a change the last
  // column tells which cells have it.
  const compared = kind === 'drift' ? values.length : 2;
  const isOther = (text: string, index: number): boolean => index < compared && text !== values[0];
  return markup`<tr><th scope="row">${lineForTerminal(name)}</th>${values.map(
    (text, index) =>
      markup`<td class="${isOther(text, index) ? 'other' : 'same'}">${lineForTerminal(text)}</td>`,
  )}</tr>`;
};
