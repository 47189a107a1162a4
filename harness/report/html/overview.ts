import type { CellRecord, RunRecord } from '../record/record.ts';
import { headline } from '../headline.ts';
import { lineForTerminal } from '../terminal/clean.ts';
import { count, duration } from '../terminal/lines.ts';
import { hrefTo } from './anchors.ts';
import { type Markup, markup } from './markup.ts';
import { isBroken, rank, sign } from './words.ts';

/** What came of it in one sentence: the page's heading, whatever is shown of it. */
export const runHeader = (record: RunRecord): Markup =>
  markup`<header class="run">
      <p class="brand">boot-matrix ${record.version}</p>
      <h1>${headline(record)}</h1>
      <p class="aside">${about(record)}</p>
    </header>`;

/** What went wrong, each failure in a line, the worst first. */
export const overview = (record: RunRecord): Markup => markup`${notices(record)} ${failures(record)}`;

function about({ contract, started, seconds, accelerator, host }: RunRecord): string {
  const accelerators = Object.entries(accelerator).map(([arch, { name }]) => `${arch} by ${name}`);
  return [
    started === '' ? null : `${started.slice(0, 10)} ${started.slice(11, 16)} UTC`,
    `took ${duration(seconds)}`,
    contract === '' ? null : `contract ${contract}`,
    ...accelerators,
    host === null ? null : `${count(host.cpus, 'core')}, ${Math.round(host.memoryMiB / 1024)} GiB`,
  ]
    .filter((part) => part !== null)
    .join(' · ');
}

function notices({ notices: all }: RunRecord): Markup | false {
  const shown = all.filter(({ level }) => level !== 'info');
  if (shown.length === 0) return false;
  return markup`<ul class="notices">
    ${shown.map(({ level, text }) => markup`<li class="${level}"><b>${level}</b> ${lineForTerminal(text)}</li>`)}
  </ul>`;
}

function failures({ cells }: RunRecord): Markup | false {
  const shown = cells
    .filter(({ verdict }) => isBroken(verdict) || verdict === 'flaky' || verdict === 'known')
    .toSorted((a, b) => rank(a.verdict) - rank(b.verdict));
  if (shown.length === 0) return false;
  return markup`<section class="failures" aria-labelledby="failures-title">
    <h2 id="failures-title" class="unseen">What did not pass</h2>
    <ol>
      ${shown.map(failure)}
    </ol>
  </section>`;
}

/** Cell, phase, cause, in one line; it leads to the check that broke, where one did. */
function failure({ summary, verdict, phase, reason, checks }: CellRecord): Markup {
  const broken = checks.filter((check) => isBroken(check.verdict));
  const [first] = broken;
  const where = first === undefined ? phaseOf({ verdict, phase }) : broken.map(({ name }) => name).join(', ');
  const why = first === undefined || broken.length > 1 ? reason : first.reason;
  return markup`<li>
    <a href="${hrefTo(summary.id, first?.name)}"
      >${sign(verdict)} <span class="id">${summary.id}</span> <span class="where">${where}</span>
      <span class="why">${why}</span></a
    >
  </li>`;
}

/** Where a boot that no check explains went wrong. */
const phaseOf = ({ verdict, phase }: Pick<CellRecord, 'verdict' | 'phase'>): string =>
  isBroken(verdict) && phase !== null ? `in ${phase}` : '';

/** For the page's title and its description, where links to it are shown. */
export const summaryLine = (record: RunRecord): string => {
  const worst = record.cells.find(({ verdict }) => isBroken(verdict));
  return worst === undefined ? headline(record) : `${headline(record)}. ${worst.summary.id}: ${worst.reason}`;
};
