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
});

it('as Markdown and HTML nothing of a guest is more than text', () => {
  const shown = micromark(comparisonMarkdown(comparison), {
    allowDangerousHtml: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
  for (const html of [shown, String(htmlSection(record))]) {
    expect(html.match(/<table>/g)).toHaveLength(5);
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
