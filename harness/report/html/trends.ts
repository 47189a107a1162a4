import { median } from '../../compare/band.ts';
import type { Trend } from '../../difference.ts';
import { figureTitle } from '../comparison/tables.ts';
import type { CellRecord, RunRecord } from '../record/record.ts';
import { count } from '../terminal/lines.ts';
import { type Markup, markup } from './markup.ts';

/** What the boot took beside earlier ones of the same cell here: a line for each figure, and the numbers. */
export function trendsPart({ summary }: CellRecord, { comparison }: RunRecord): Markup | false {
  const all = (comparison?.trends?.trends ?? []).filter(({ cell }) => cell === summary.id);
  // Of processor the sum is enough: a page holds many cells.
  const told = all.filter(({ figure }) => figure === 'shell cpu' || !figure.endsWith(' cpu'));
  const [first] = told;
  if (first === undefined) return false;
  return markup`<section class="trends">
    <h3>Boot time beside earlier boots</h3>
    <p class="aside">Seconds to each phase on this host, less those in which it gave QEMU no processor; ${first.machine}</p>
    <div class="scrolls" tabindex="0" role="region" aria-label="Boot time of ${summary.id} beside earlier boots">
      <table>
        <thead>
          <tr>
            <th scope="col">until</th>
            <td></td>
            <th scope="col" class="number">earlier</th>
            <th scope="col" class="number">explained</th>
            <th scope="col" class="number">now</th>
          </tr>
        </thead>
        <tbody>
          ${told.map(row)}
        </tbody>
      </table>
    </div>
  </section>`;
}

const row = (trend: Trend): Markup => {
  const { figure, earlier, upTo, now, isBeyond } = trend;
  return markup`<tr${isBeyond && markup` class="beyond"`}>
    <th scope="row">${figureTitle(figure)}</th>
    <td>${sparkline(trend)}</td>
    <td class="number">${median(earlier).toFixed(1)} s in ${count(earlier.length, 'boot')}</td>
    <td class="number">up to ${upTo.toFixed(1)} s</td>
    <td class="number">${now.toFixed(1)} s${isBeyond && ', beyond'}</td>
  </tr>`;
};

/** Boots that a line shows, this one being the last. */
const mostPoints = 20;
const size = { width: 120, height: 24, margin: 3 };

/** The figure of the last boots from left to right, what is explained below a line; the numbers stand beside it. */
function sparkline({ earlier, now, upTo }: Trend): Markup {
  const values = [...earlier.slice(1 - mostPoints), now];
  const most = Math.max(...values, upTo) || 1;
  const { width, height, margin } = size;
  const x = (index: number): string =>
    (margin + (index * (width - 2 * margin)) / Math.max(1, values.length - 1)).toFixed(1);
  const y = (value: number): string => (height - margin - (value / most) * (height - 2 * margin)).toFixed(1);
  const points = values.map((value, index) => `${x(index)},${y(value)}`).join(' ');
  return markup`<svg class="sparkline" width="${width}" height="${height}" aria-hidden="true"><line class="band" x1="0" x2="${width}" y1="${y(upTo)}" y2="${y(upTo)}" /><polyline points="${points}" /><circle cx="${x(values.length - 1)}" cy="${y(now)}" r="2.5" /></svg>`;
}
