/** One comparison, with a hostile guest in it, as every report tells it; `vitest -u` rewrites these. */
import path from 'node:path';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { expect, it, test } from 'vitest';
import { faultOfJunit } from '../../../test/junit-schema.ts';
import { type Comparison, defaultLevels } from '../../difference.ts';
import type { RunEvent } from '../../events.ts';
import { tap } from '../forge/tap.ts';
import { headline } from '../headline.ts';
import { comparison as htmlSection } from '../html/comparison.ts';
import { trendsPart } from '../html/trends.ts';
import { junitXml } from '../junit/junit.ts';
import { fold } from '../record/fold.ts';
import { readEvents } from '../record/read-events.ts';
import { comparisonMarkdown } from './markdown.ts';
import { tablesOf } from './tables.ts';
import { tableText } from './text.ts';

const hostile = '\u001b[2Jx\n::error::owned ]]> <script>alert(1)</script> | @somebody';

const comparison: Comparison = {
  across: {
    level: 'fail',
    cells: 4,
    drifts: [
      {
        arch: 'x86_64',
        part: 'packages',
        hasMost: true,
        groups: [['a.x86_64', 'b.x86_64', 'c.x86_64'], ['netboot.x86_64.bios.pxe']],
        names: [
          { name: 'curl', values: ['8.14', '8.15'] },
          { name: hostile, values: [null, hostile] },
        ],
      },
      {
        arch: 'aarch64',
        part: 'etc',
        hasMost: false,
        groups: [['a.aarch64'], ['b.aarch64']],
        names: Array.from({ length: 20 }, (_, index) => ({ name: `/etc/${index}`, values: ['1', null] })),
      },
    ],
    notes: ['a.x86_64: nix is not compared: exit status 1'],
  },
  against: {
    baseline: 'release-25.05/baseline.json',
    levels: defaultLevels,
    changes: [
      {
        kind: 'checks',
        what: 'check',
        name: 'sshd',
        before: 'passed',
        after: 'sshd refused the key',
        cells: ['a.x86_64'],
      },
      {
        kind: 'exposure',
        what: 'sockets',
        name: 'tcp any 8080',
        before: null,
        after: 'python3',
        cells: ['a.x86_64', 'b.x86_64', 'c.x86_64'],
      },
      { kind: 'packages', what: 'packages', name: 'vim', before: '9.1', after: null, cells: ['a.x86_64'] },
    ],
    notes: [],
  },
  trends: {
    level: 'warn',
    trends: [
      {
        cell: hostile,
        machine: 'tcg, 1 processor, 1024 MiB',
        figure: 'shell cpu',
        earlier: [30.2, 29.9, 30.1],
        now: 61,
        upTo: 39.1,
        isBeyond: true,
      },
      {
        cell: 'b.x86_64',
        machine: 'tcg, 1 processor, 1024 MiB',
        figure: 'shell',
        earlier: [40],
        now: 41,
        upTo: 60,
        isBeyond: false,
      },
    ],
  },
};

const events = readEvents(path.join(import.meta.dirname, '../golden/every-verdict.jsonl'));
const compared: RunEvent = { time: '2026-01-01T00:00:00.000Z', at: 999, type: 'compared', ...comparison };
const record = fold([...events, compared]);

test.each([80, 200])('as tables of %i columns', async (width) => {
  const text = tablesOf(comparison)
    .map((table) => tableText(table, width))
    .join('\n\n');
  await expect(`${text}\n`).toMatchFileSnapshot(path.join(import.meta.dirname, `golden/tables-${width}.txt`));
  expect(text).not.toMatch(/\u001b|^::|(^|\s)::error/m);
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
});

it('in JUnit: a case for each part and kind, of which those fail that count', () => {
  const junit = junitXml(record, { attachmentPath: (file) => file });
  expect(faultOfJunit(junit)).toBe('');
  const suite = (name: string): string =>
    junit.split(`<testsuite name="${name}"`)[1]?.split('</testsuite>')[0] ?? '';
  expect(suite('against the baseline')).toMatch(/^[^>]* tests="8"[^>]* failures="2"/);
  expect(suite('against the baseline')).toContain('passed then, fails now');
  // What only warns is told, and fails no case.
  expect(suite('beside earlier boots')).toMatch(/^[^>]* tests="2"[^>]* failures="0"/);
  expect(suite('beside earlier boots')).toMatch(/shell, processor .*30\.1 s \(3 boots\) .*61\.0 s/);
  const refused = { ...comparison, trends: { ...comparison.trends!, level: 'fail' as const } };
  const failing = junitXml(fold([...events, { ...compared, ...refused }]), {
    attachmentPath: (file) => file,
  });
  expect(failing).toMatch(/<testsuite name="beside earlier boots"[^>]* tests="2"[^>]* failures="1"/);
});

it('of a single cell nothing is said to have been compared across formats', () => {
  const alone: Comparison = { ...comparison, across: { level: 'fail', cells: 1, drifts: [], notes: [] } };
  const junit = junitXml(fold([...events, { ...compared, ...alone }]), { attachmentPath: (file) => file });
  expect(junit).not.toContain('<testsuite name="across formats"');
});

it('a part that no two cells told is skipped across formats: that none differs says nothing', () => {
  const told = record.cells.slice(0, 2).map((cell, index) => {
    const summary = { ...cell.summary, arch: 'x86_64' };
    const unread = index === 0 ? ['nix'] : [];
    return Object.assign({}, cell, { summary, inventory: { file: '', seconds: 1, unread } });
  });
  const across = { level: 'fail' as const, cells: 2, drifts: [], notes: [] };
  const all = { ...record, cells: told, comparison: { ...comparison, across } };
  const junit = junitXml(all, { attachmentPath: (file) => file });
  const suite = /<testsuite name="across formats"[^]*?<\/testsuite>/.exec(junit)?.[0] ?? '';
  expect(suite.match(/<skipped/g)).toHaveLength(1);
  expect(suite).toMatch(/name="x86_64 nix"[^]*?<skipped message="it could be had of 1 of 2 cells"/);
});

it('on the page of a cell its boots are a line beside their numbers', () => {
  const [cell] = record.cells;
  const trends = comparison.trends!.trends.map((trend) =>
    Object.assign({}, trend, { cell: cell!.summary.id }),
  );
  const told = { ...record, comparison: { ...comparison, trends: { level: 'warn' as const, trends } } };
  const html = String(trendsPart(cell!, told));
  expect(html).toContain('<polyline points="3.0,12.1 41.0,12.2 79.0,12.1 117.0,3.0" />');
  expect(html).toMatch(/class="beyond">\s*<th scope="row">shell, processor<\/th>/);
  expect(html).toMatch(
    /30\.1 s in 3 boots<\/td>\s*<td class="number">up to 39\.1 s<\/td>\s*<td class="number">61\.0 s, beyond/,
  );
  expect(trendsPart(cell!, record)).toBe(false);
});

it('as Markdown and HTML nothing of a guest is more than text', () => {
  const shown = micromark(comparisonMarkdown(comparison), {
    allowDangerousHtml: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
  for (const html of [shown, String(htmlSection(record))]) {
    expect(html.match(/<table>/g)).toHaveLength(6);
    expect(html).not.toMatch(/<script|\u001b/);
  }
  expect(shown).not.toContain('@somebody');
});

it('in TAP and in the headline a run whose cells all passed is refused', () => {
  const sound = { ...record, cells: [], counts: { ...record.counts, total: 0 } };
  expect(tap(sound).match(/^not ok/gm)?.length).toBe(
    tap({ ...sound, comparison: null }).split(/^not ok/gm).length - 1 + 4,
  );
  expect(headline(record)).toMatch(/; what they are differs$/);
});
