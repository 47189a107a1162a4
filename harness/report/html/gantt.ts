import { type Attempt, type CellRecord, type RunRecord, byteOrder } from '../record/record.ts';
import { count, duration } from '../terminal/lines.ts';
import { quote } from '../../shell-quote.ts';
import { hrefTo } from './anchors.ts';
import { type Markup, markup } from './markup.ts';
import { beginOf } from './moments.ts';
import { clock } from './words.ts';

/** An attempt's time on the host. */
interface Bar {
  cell: CellRecord;
  attempt: Attempt;
  from: number;
  to: number;
  /** Memory of its machine in MiB, and the cores that it took in the mean. */
  memoryMiB: number;
  cores: number;
}

const laneHeight = 22;

/** When which machine ran, how much memory they had and how many cores they took, on one axis. */
export function gantt(record: RunRecord): Markup | false {
  const bars = record.cells
    .flatMap(barsOf)
    .sort((a, b) => a.from - b.from || byteOrder(a.cell.summary.id, b.cell.summary.id));
  if (bars.length === 0) return false;
  const total = Math.max(record.seconds, ...bars.map(({ to }) => to), 0.001);
  const lanes = pack(bars);
  const laneCount = Math.max(...lanes) + 1;
  const percent = (seconds: number): string => `${((seconds / total) * 100).toFixed(3)}%`;
  const ticks = ticksOf(total);
  const height = laneCount * laneHeight;
  return markup`<section class="gantt" aria-labelledby="gantt-title">
    <h2 id="gantt-title">The run</h2>
    <p class="aside">
      ${count(bars.length, 'boot')} on ${count(laneCount, 'machine')} at once, in ${duration(record.seconds)}
    </p>
    <svg
      class="bars"
      width="100%"
      height="${height + 20}"
      aria-hidden="true"
    >
      ${ticks.map((at) => markup`<line class="tick" x1="${percent(at)}" x2="${percent(at)}" y1="0" y2="${height}" /><text class="axis" x="${percent(at)}" y="${height + 15}" text-anchor="${at === 0 ? 'start' : at > total * 0.95 ? 'end' : 'middle'}">${clock(at)}</text>`)}
      ${bars.map(
        ({ cell, from, to }, index) =>
          markup`<a href="${hrefTo(cell.summary.id)}" tabindex="-1"
            ><svg
              class="bar ${cell.verdict}"
              x="${percent(from)}"
              y="${(lanes[index] ?? 0) * laneHeight}"
              width="${percent(Math.max(to - from, total / 500))}"
              height="${laneHeight - 3}"
            >
              <title>${cell.summary.id}: ${cell.verdict}, ${clock(from)} to ${clock(to)}</title>
              <rect width="100%" height="100%" rx="3" />
              <text x="6" y="13.5">${cell.summary.id}</text>
            </svg></a
          >`,
      )}
    </svg>
    ${curve(
      'memory',
      'Memory of the machines',
      bars,
      total,
      ({ memoryMiB }) => memoryMiB / 1024,
      (most) => `${most.toFixed(1)} GiB`,
    )}
    ${curve(
      'cores',
      'Cores that they took, each cell’s mean',
      bars,
      total,
      ({ cores }) => cores,
      (most) => `${most.toFixed(1)} cores`,
    )}
    <details>
      <summary>As a table</summary>
      <div class="scrolls" tabindex="0" role="region" aria-label="When each cell ran">
        <table>
          <thead>
            <tr>
              <th scope="col">cell</th>
              <th scope="col" class="number">attempt</th>
              <th scope="col" class="number">from</th>
              <th scope="col" class="number">to</th>
              <th scope="col" class="number">memory</th>
              <th scope="col" class="number">cores</th>
            </tr>
          </thead>
          <tbody>
            ${bars.map(
              ({ cell, attempt, from, to, memoryMiB, cores }) =>
                markup`<tr>
                  <th scope="row"><a href="${hrefTo(cell.summary.id)}">${cell.summary.id}</a></th>
                  <td class="number">${attempt.number}</td>
                  <td class="number">${clock(from)}</td>
                  <td class="number">${clock(to)}</td>
                  <td class="number">${memoryMiB} MiB</td>
                  <td class="number">${cores.toFixed(2)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>
    ${record.command.length > 0 && commandPart(record)}
  </section>`;
}

/** The line that runs all of it again. */
const commandPart = ({ command }: RunRecord): Markup =>
  markup`<p class="aside">Run as</p><div class="copied"><pre tabindex="0">boot-matrix ${command.map(quote).join(' ')}</pre></div>`;

function barsOf(cell: CellRecord): Bar[] {
  const ran = cell.attempts.filter(({ machines }) => machines.length > 0);
  const seconds = ran.map((attempt) => ({
    attempt,
    from: beginOf(attempt),
    to: attempt.finished?.at ?? cell.endedAt,
  }));
  const all = seconds.reduce((sum, { from, to }) => sum + to - from, 0);
  return seconds.map(({ attempt, from, to }) => ({
    cell,
    attempt,
    from,
    to,
    memoryMiB: attempt.machines.at(-1)?.memoryMiB ?? 0,
    cores: all === 0 ? 0 : (cell.cpuSeconds ?? 0) / all,
  }));
}

/** The first lane that is free, for bars in order of their begin. */
function pack(bars: readonly Bar[]): number[] {
  const free: number[] = [];
  return bars.map(({ from, to }) => {
    const found = free.findIndex((until) => until <= from);
    const lane = found === -1 ? free.length : found;
    free[lane] = to;
    return lane;
  });
}

/** At most some ten, at round times. */
function ticksOf(total: number): number[] {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400];
  const step = steps.find((one) => total / one <= 8) ?? total;
  return Array.from({ length: Math.floor(total / step) + 1 }, (_, index) => index * step);
}

/** A sum over the machines that run, as it changes. */
function curve(
  name: string,
  title: string,
  bars: readonly Bar[],
  total: number,
  of: (bar: Bar) => number,
  told: (most: number) => string,
): Markup {
  const changes = bars.flatMap((bar) => [
    { at: bar.from, by: of(bar) },
    { at: bar.to, by: -of(bar) },
  ]);
  changes.sort((a, b) => a.at - b.at);
  let level = 0;
  const steps = changes.map(({ at, by }) => {
    level += by;
    return { at, level };
  });
  const most = Math.max(...steps.map((step) => step.level), 0.001);
  const x = (at: number): string => ((at / total) * 1000).toFixed(2);
  const y = (value: number): string => (30 - (value / most) * 28).toFixed(2);
  const path = steps.map(({ at, level: now }) => `H${x(at)}V${y(now)}`).join('');
  return markup`<figure class="curve">
    <figcaption>${title}: at most ${told(most)}</figcaption>
    <svg
      class="${name}"
      width="100%"
      height="32"
      viewBox="0 0 1000 32"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path d="M0 30${path}H1000V30Z" />
    </svg>
  </figure>`;
}
