import type { CheckResult } from '../../events.ts';
import { type CellRecord, type RunRecord, byteOrder, hasMachine, secondsToAccess } from '../record/record.ts';
import { duration } from '../terminal/lines.ts';
import { hrefTo } from './anchors.ts';
import { type Differing, differing } from './differing.ts';
import { type Markup, markup } from './markup.ts';
import { sign } from './words.ts';

/** Formats × checks: a row a cell, below the name of its format; each field leads to the check. */
export function matrix({ cells, comparison }: RunRecord): Markup {
  const differ = differing(comparison);
  const names = [...new Set(cells.flatMap(({ checks }) => checks.map(({ name }) => name)))].sort(byteOrder);
  const formats = Map.groupBy(cells, ({ summary }) => summary.format);
  return markup`<section class="matrix" aria-labelledby="matrix-title">
    <h2 id="matrix-title">Matrix</h2>
    <form class="filter" role="search" hidden>
      <label class="words"
        ><span class="unseen">Search</span
        ><input
          type="search"
          name="words"
          placeholder="Search cells, phases, words of a cause  /"
          autocomplete="off"
          spellcheck="false"
      /></label>
      <span class="verdicts" role="group" aria-label="Show cells that"></span>
      <output class="found" aria-live="polite"></output>
    </form>
    <div class="scrolls" tabindex="0" role="region" aria-label="Matrix of cells and checks">
      <table>
        <thead>
          <tr>
            <th scope="col">cell</th>
            <th scope="col">verdict</th>
            <th scope="col"><abbr title="up to a proven way in">boot</abbr></th>
            ${names.map((name) => markup`<th scope="col">${name}</th>`)}
            ${differ.size > 0 && markup`<th scope="col">differs</th>`}
            <th scope="col">phase</th>
            <th scope="col" class="number">boot time</th>
            <th scope="col" class="number">total time</th>
          </tr>
        </thead>
        ${[...formats].map(
          ([format, own]) =>
            markup`<tbody>
              <tr class="format">
                <th scope="rowgroup" colspan="${names.length + 6 + Number(differ.size > 0)}">${format || 'unknown format'}</th>
              </tr>
              ${own.map((cell) => row(cell, names, differ))}
            </tbody> `,
        )}
      </table>
    </div>
  </section>`;
}

function row(cell: CellRecord, names: readonly string[], differ: ReadonlyMap<string, Differing>): Markup {
  const { summary, verdict, phase, reason, checks, seconds, attempts } = cell;
  const { id } = summary;
  const toAccess = secondsToAccess(cell);
  return markup`<tr
    class="${verdict}"
    data-cell="${id}"
    data-verdict="${verdict}"
    data-words="${[id, verdict, phase ?? '', reason, ...checks.filter(isTold).map((check) => `${check.name} ${check.reason}`)].join(' ').slice(0, 2000)}"
  >
    <th scope="row"><a href="${hrefTo(id)}">${id}</a></th>
    <td>${sign(verdict)}</td>
    <td>${!hasMachine(cell) ? false : toAccess === null ? (attempts.length === 0 ? sign('skipped') : sign(verdict)) : sign('passed')}</td>
    ${names.map((name) =>
      field(
        id,
        checks.findLast((check) => check.name === name),
      ),
    )}
    ${differ.size > 0 && markup`<td>${differsField(differ.get(id))}</td>`}
    <td>${phase ?? ''}</td>
    <td class="number">${toAccess !== null && duration(toAccess)}</td>
    <td class="number">${attempts.length > 0 && duration(seconds)}</td>
  </tr> `;
}

const isTold = ({ reason }: CheckResult): boolean => reason !== '';

const field = (cell: string, check?: CheckResult): Markup =>
  check === undefined
    ? markup`<td></td>`
    : markup`<td>
        <a href="${hrefTo(cell, check.name)}" ${check.reason !== '' && markup` title="${check.reason}"`}
          >${sign(check.verdict)}</a
        >
      </td>`;

/** In how much it differs, and in what; it leads to the tables. */
function differsField(found?: Differing): Markup | false {
  if (found === undefined) return false;
  const { drift, since } = found;
  const told = [
    drift.length > 0 && `from the other cells in ${drift.join(', ')}`,
    since.length > 0 && `from the earlier run in ${since.join(', ')}`,
  ].filter((text) => text !== false);
  return markup`<a class="differs" href="#comparison-title" title="${told.join('; ')}"
    >≠ ${drift.length + since.length}<span class="unseen"> ${told.join('; ')}</span></a
  >`;
}
