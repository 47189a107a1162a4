import path from 'node:path';
import { codes } from '../../codes.ts';
import { quote } from '../../shell-quote.ts';
import { excerpt, clean } from '../terminal/clean.ts';
import { duration } from '../terminal/lines.ts';
import { type Attachment, type Attempt, type CellRecord, lastAttempt } from '../record/record.ts';
import { type FileLink, anchor, hrefTo } from './anchors.ts';
import type { CellData } from './cell-data.ts';
import { isPicture } from './cell-data.ts';
import { checkPart } from './check.ts';
import { consolePart } from './console-part.ts';
import { type Facts, cellFacts } from './facts.ts';
import { keptText } from './kept-text.ts';
import { type Markup, markup } from './markup.ts';
import { trendsPart } from './trends.ts';
import { badge, isBroken } from './words.ts';

export interface CellOptions extends Facts {
  outDir: string;
  linkTo: FileLink;
  /** The source of a picture: its place beside the page, or its bytes. */
  pictureSource: FileLink;
  /** What the page's scripts know of the cell; they find it packed at its end. */
  data: CellData | undefined;
}

/**
 * All of one cell: why, what was seen, how to see it again. Its element is left open for what is packed. To a browser that
 * runs scripts what is in `noscript` is one text, which these parse once the cell is shown: five hundred cells are 150,000
 * elements, and a page has to open at once.
 */
export function cellPart(cell: CellRecord, options: CellOptions): Markup {
  const { id } = cell.summary;
  const title = anchor(id);
  const broken = isBroken(cell.verdict);
  return markup`<article id="${title}" class="cell ${cell.verdict}" aria-labelledby="${title}:title"><noscript>
    <header>
      <h2 id="${title}:title" tabindex="-1"><a href="${hrefTo(id)}">${id}</a></h2>
      <p class="outcome">${badge(cell.verdict)} ${outcome(cell)}</p>
      ${cell.reason !== '' && markup`<p class="reason">${cell.reason}</p>`}
      ${remedyPart(cell)}
      ${explanationPart(cell)}
    </header>
    <div class="time-line"></div>
    ${consolePart(cell, options.data, broken)}
    <section class="moments"></section>
    ${checksPart(cell, broken)} ${picturesPart(cell, options)} ${machinePart(cell, options)}${trendsPart(cell, options.record)}
    ${earlierPart(cell, options)} ${filesPart(cell, options)}</noscript>`;
}

/** What the code of its verdict means, and what to do. */
function remedyPart({ verdict, code }: CellRecord): Markup | false {
  const meaning = isBroken(verdict) && code !== null ? codes[verdict][code] : undefined;
  return meaning !== undefined && markup`<p class="aside">${meaning.cause} ${meaning.remedy}</p>`;
}

/** What a second boot told of why it failed. */
function explanationPart(cell: CellRecord): Markup | false {
  const explanation = lastAttempt(cell)?.explanation ?? null;
  return explanation !== null && markup`<p class="reason explanation">${explanation.sentence}</p>`;
}

/** `in bootloader · 12.3 s · commands by ssh · 2 attempts`. */
function outcome({ verdict, phase, seconds, access, attempts, code }: CellRecord): string {
  if (attempts.length === 0 && verdict === 'skipped') return 'not run';
  return [
    isBroken(verdict) && phase !== null ? `in ${phase}` : null,
    duration(seconds),
    access === null ? null : `commands by ${access}`,
    attempts.length > 1 ? `${attempts.length} attempts` : null,
    code,
  ]
    .filter((part) => part !== null)
    .join(' · ');
}

function checksPart(cell: CellRecord, broken: boolean): Markup | false {
  if (cell.checks.length === 0) return false;
  const sorted = cell.checks.toSorted((a, b) => Number(isBroken(b.verdict)) - Number(isBroken(a.verdict)));
  return markup`<section class="checks">
    <h3>Checks</h3>
    ${sorted.map((check) => checkPart(check, { cell: cell.summary.id, open: broken && isBroken(check.verdict) }))}
  </section>`;
}

/** The screen as it changed; the picture of the end last. */
function picturesPart({ attachments, summary }: CellRecord, options: CellOptions): Markup | false {
  const pictures = attachments.filter((file) => file.attempt === undefined && isPicture(file));
  if (pictures.length === 0) return false;
  return markup`<section class="screens">
    <h3>Screen</h3>
    ${pictureList(pictures, options, summary.id)}
  </section>`;
}

/** Pictures side by side, each of them a link to itself. */
const pictureList = (
  pictures: readonly Attachment[],
  { linkTo, pictureSource }: CellOptions,
  cell: string,
): Markup =>
  markup`<ul class="pictures">
    ${pictures.map(
      (file) =>
        markup`<li>
          <figure>
            <a href="${linkTo(file.path)}"
              ><img
                loading="lazy"
                width="320"
                height="200"
                src="${pictureSource(file.path)}"
                alt="${pictureName(file)} of ${cell}"
            /></a>
            <figcaption>
              ${pictureName(file)}${file.shows !== undefined && markup` <span class="shows">shows: ${file.shows}</span>`}
            </figcaption>
          </figure>
        </li>`,
    )}
  </ul>`;

/** `screen-login.png` says which phase it is of; `screenshot` alone says nothing. */
const pictureName = ({ name, path: file }: Attachment): string =>
  name === 'screenshot' ? path.basename(file, '.png').replaceAll('-', ' ') : name;

function machinePart(cell: CellRecord, options: CellOptions): Markup {
  const last = lastAttempt(cell)?.machines.at(-1);
  return markup`<section class="machine">
    <h3>Machine</h3>
    ${cellFacts(cell, options)} ${againPart(cell, options.outDir)}
    ${
      last !== undefined &&
      markup`<details>
        <summary>QEMU’s command line</summary>
        <div class="copied"><pre tabindex="0">${last.argv.map(quote).join(' ')}</pre></div>
      </details>`
    }
  </section>`;
}

/** A script is some kilobytes long. */
const mostScript = 64 * 2 ** 10;

/** The script that boots the machine by hand: what it is called by, and what is in it. */
function againPart({ attachments }: CellRecord, outDir: string): Markup | false {
  const script = attachments.findLast(
    (file) => file.attempt === undefined && file.detail === undefined && file.path.endsWith('.sh'),
  );
  if (script === undefined) return false;
  const file = path.join(outDir, script.path);
  const text = keptText(file, mostScript);
  return markup`<div class="again">
    <p>Boot this machine by hand, on a copy that is thrown away:</p>
    <div class="copied"><pre tabindex="0">sh ${quote(file)}</pre></div>
    ${
      text !== undefined &&
      markup`<details>
        <summary>${path.basename(file)}</summary>
        <div class="copied"><pre tabindex="0">${text}</pre></div>
      </details>`
    }
  </div>`;
}

function earlierPart(cell: CellRecord, options: CellOptions): Markup | false {
  const earlier = cell.attempts.slice(0, -1);
  const shut = lastAttempt(cell)?.shut ?? [];
  if (earlier.length + shut.length === 0) return false;
  return markup`<section class="earlier">
    <h3>Before</h3>
    ${shut.map(({ rung, reason }) => markup`<p>Booted ${rung === 'shipped' ? 'as it ships' : `by ${rung}`}, nobody got in: ${reason}</p>`)}
    ${earlier.map((attempt) => attemptPart(attempt, cell, options))}
  </section>`;
}

function attemptPart(attempt: Attempt, cell: CellRecord, options: CellOptions): Markup {
  const { number, finished, phases, checks } = attempt;
  const files = cell.attachments.filter((file) => file.attempt === number);
  return markup`<details class="attempt">
    <summary>Attempt ${number}: ${badge(finished?.verdict ?? 'error')} ${finished?.reason ?? ''}</summary>
    <p>
      ${phases.map(({ phase, seconds }) => `${phase} after ${duration(seconds)}`).join(', ') || 'No phase was seen.'}
    </p>
    ${(finished?.evidence ?? '') !== '' && markup`<pre tabindex="0">${excerpt(clean(finished?.evidence ?? ''), { lines: 60, columns: 400 })}</pre>`}
    ${checks.map((check) => markup`<p>${badge(check.verdict)} ${check.name} ${check.reason}</p>`)}
    ${pictureList(files.filter(isPicture), options, cell.summary.id)}
    ${fileList(files, options.linkTo)}
  </details>`;
}

function filesPart({ attachments }: CellRecord, { linkTo }: CellOptions): Markup | false {
  const own = attachments.filter((file) => file.attempt === undefined);
  if (own.length === 0) return false;
  return markup`<section class="files">
    <h3>Files</h3>
    ${fileList(own, linkTo)}
    <div class="texts"></div>
  </section>`;
}

const fileList = (files: readonly Attachment[], linkTo: FileLink): Markup =>
  markup`<ul class="file-list">
    ${files.map(({ name, path: file, shows }) => markup`<li><a href="${linkTo(file)}">${path.basename(file)}</a> ${name}${shows !== undefined && markup` <span class="shows">shows: ${shows}</span>`}</li>`)}
  </ul>`;
