import { comparison } from './comparison.ts';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { headline } from '../headline.ts';
import type { RunRecord } from '../record/record.ts';
import { type FileLink, fileLinks } from './anchors.ts';
import { readAssets } from './assets.ts';
import { cellData, smaller } from './cell-data.ts';
import { cellPart } from './cell.ts';
import { gantt } from './gantt.ts';
import { type Markup, asMarkup, markup } from './markup.ts';
import { matrix } from './matrix.ts';
import { overview, runHeader, summaryLine } from './overview.ts';
import { choose, packAll } from './packed.ts';
import { contentSecurityPolicy } from './policy.ts';
import { rank } from './words.ts';

export interface PageOptions {
  /** Where the files of the cells lie. */
  outDir: string;
  /** Where that lies, seen from the page. @default the same directory */
  base?: string;
  /** `linked`: pictures lie beside the page; `single`: they are in it. @default linked */
  pictures?: 'linked' | 'single';
}

/** What cells take of the page, but for their pictures: a browser has to open it, and a CI to keep it. */
const mostBytes = 16 * 2 ** 20;
/** So much of recordings a page has whatever its text is. */
const leastPacked = 2 * 2 ** 20;

/**
 * The report as one page: text, data, styles and scripts in it, so that it opens from a disk, out of an archive of a CI and
 * without a network.
 */
export function page(record: RunRecord, { outDir, base = '', pictures = 'linked' }: PageOptions): string {
  const { style, first, player, script } = readAssets();
  const linkTo = fileLinks(base);
  const pictureSource = pictures === 'single' ? inlined(outDir, linkTo) : linkTo;
  const parts = record.cells
    .toSorted((a, b) => rank(a.verdict) - rank(b.verdict))
    .map((cell) => {
      const data = cellData(cell, { outDir, linkTo });
      const part = cellPart(cell, { record, outDir, linkTo, pictureSource, data });
      return { part, packed: packAll(data === undefined ? [] : smaller(data)) };
    });
  const written = parts.reduce((sum, { part }) => sum + part.text.length, 0);
  // Those that did not pass come first.
  const chosen = choose(
    parts.map(({ packed }) => packed),
    Math.max(mostBytes - written, leastPacked),
  );
  const cells = parts.map(({ part }, index) => markup`${part}${dataBlock(chosen[index])}</article>`);
  return `${markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta
          http-equiv="Content-Security-Policy"
          content="${contentSecurityPolicy({ styles: [style], scripts: [first, player, script] })}"
        />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta name="color-scheme" content="light dark" />
        <meta name="description" content="${summaryLine(record)}" />
        <title>${headline(record)} · boot-matrix</title>
        ${asIs('style', style)} ${asIs('script', first)}
      </head>
      <body>
        <a class="skip" href="#matrix-title">Skip to the matrix</a>
        <main>
          ${runHeader(record)}
          <div class="overview">${overview(record)} ${comparison(record)} ${matrix(record)} ${gantt(record)}</div>
          <div class="cells">${cells}</div>
        </main>
        ${asIs('script', player)}
        ${asIs('script', script)}
      </body>
    </html>`}
`;
}

/** No browser takes it for a script, and it is no text that could end its element. */
const dataBlock = (packed = ''): Markup =>
  asMarkup(packed === '' ? '' : `<script type="application/x-packed">${packed}</script>`);

/** An element with text of our own, to the byte: the policy has its digest. */
const asIs = (tag: 'script' | 'style', text: string): Markup => asMarkup(`<${tag}>${text}</${tag}>`);

/** A picture's bytes as its source; where it cannot be read, its place beside the page. */
const inlined =
  (outDir: string, linkTo: FileLink): FileLink =>
  (file) => {
    try {
      return `data:image/png;base64,${readFileSync(path.join(outDir, file)).toString('base64')}`;
    } catch {
      return linkTo(file);
    }
  };
