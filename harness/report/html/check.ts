import type { CheckResult, Evidence } from '../../events.ts';
import { clean, excerpt } from '../terminal/clean.ts';
import { duration } from '../terminal/lines.ts';
import { anchor, hrefTo } from './anchors.ts';
import { type Markup, markup } from './markup.ts';
import { badge } from './words.ts';

/** What the page shows of one thing seen: the whole of it is in events.jsonl. */
const size = { lines: 120, columns: 600 };

/** One check: what it came to, and what was done and seen. */
export function checkPart(check: CheckResult, { cell, open }: { cell: string; open: boolean }): Markup {
  const { name, verdict, reason, seconds, access, evidence, file } = check;
  const by = access.length === 0 ? '' : ` · by ${access.join(', ')}`;
  return markup`<section class="check ${verdict}" id="${anchor(cell, name)}">
    <h4>
      <a href="${hrefTo(cell, name)}">${name}</a> ${badge(verdict)}
      <span class="aside">${duration(seconds)}${by}</span>
    </h4>
    ${reason !== '' && markup`<p class="reason">${reason}</p>`}
    ${
      evidence.length > 0 &&
      markup`<details${open && markup` open`}><summary>${evidence.length === 1 ? 'What was seen' : `What was seen, ${evidence.length} times`}</summary>
<ol class="evidence">${evidence.map((one) => evidencePart(one, reason))}</ol>
${file !== '' && markup`<p class="aside">${file}</p>`}</details>`
    }
  </section>`;
}

function evidencePart({ action, observed, access }: Evidence, reason: string): Markup {
  const text = excerpt(clean(observed), size);
  return markup`<li>
    <p class="action">
      <code>${action}</code>${access !== undefined && markup` <span class="aside">${access}</span>`}
    </p>
    <pre tabindex="0">${text.trim() === '' ? '(nothing)' : highlighted(text, reason)}</pre>
  </li>`;
}

/** Shorter pieces stand in many a line by chance. */
const shortestQuote = 4;

/** What the reason quotes of a text is marked there. */
function highlighted(text: string, reason: string): Markup {
  const quotes = [...clean(reason).matchAll(/`([^`]+)`|"([^"]+)"/g)]
    .map(([, ticks = '', quotes = '']) => ticks || quotes)
    .filter((quote) => quote.length >= shortestQuote && text.includes(quote))
    .toSorted((a, b) => b.length - a.length);
  const [quote] = quotes;
  if (quote === undefined) return markup`${text}`;
  const [first = '', ...rest] = text.split(quote);
  return markup`${first}${rest.map((piece) => markup`<mark>${quote}</mark>${piece}`)}`;
}
