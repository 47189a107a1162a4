/** Recorded event streams against the reports they must give; `vitest -u` rewrites these, look at the difference. */
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { XMLParser } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import { phases } from '../events.ts';
import { annotations } from './forge/github.ts';
import { markdown } from './forge/markdown.ts';
import { tap } from './forge/tap.ts';
import { page } from './html/page.ts';
import { closing } from './terminal/closing.ts';
import { fold } from './record/fold.ts';
import { junitXml } from './junit/junit.ts';
import { widest } from './terminal/layout.ts';
import { createPlainReporter } from './terminal/plain.ts';
import { faultOfJunit } from '../../test/junit-schema.ts';
import { readEvents } from './record/read-events.ts';
import { summary } from './summary.ts';
import { coloursFor } from './terminal/terminal.ts';

const golden = (name: string) => path.join(import.meta.dirname, 'golden', name);
const colours = coloursFor(new PassThrough(), {});

describe.each(['every-verdict', 'known', 'killed', 'explained'])('%s', (name) => {
  const events = readEvents(golden(`${name}.jsonl`));
  const record = fold(events);
  const junit = junitXml(record, { attachmentPath: (file) => `reports/${file}` });

  test('junit.xml', async () => {
    await expect(junit).toMatchFileSnapshot(golden(`${name}.junit.xml`));
  });

  test('junit.xml is what all readers take, one suite a cell, no case twice', () => {
    expect(faultOfJunit(junit)).toBe('');
    // What a strict parser refuses and that validator lets pass.
    expect(junit).not.toMatch(/[\x00-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]/);
    expect(junit.isWellFormed()).toBe(true);

    const parser = new XMLParser({ ignoreAttributes: false, isArray: (tag) => tag.startsWith('test') });
    const [{ testsuite }] = parser.parse(junit).testsuites;
    const suites = testsuite as { '@_name': string; testcase: { '@_name': string }[] }[];
    const cells = record.cells.map((cell) => cell.summary.id);
    expect(suites.map((suite) => suite['@_name']).filter((id) => id !== 'run')).toEqual(cells);
    for (const { testcase } of suites) {
      const names = testcase.map((reported) => reported['@_name']);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  test('summary.json', async () => {
    await expect(summary(record)).toMatchFileSnapshot(golden(`${name}.summary.txt`));
  });

  test('TAP', async () => {
    await expect(tap(record)).toMatchFileSnapshot(golden(`${name}.tap`));
  });

  test('Markdown', async () => {
    await expect(markdown(record)).toMatchFileSnapshot(golden(`${name}.md`));
  });

  test('annotations on GitHub', async () => {
    await expect(annotations(record)).toMatchFileSnapshot(golden(`${name}.github.txt`));
  });

  test('index.html, but for its styles, scripts and their digests', async () => {
    const text = page(record, { outDir: '/nowhere' })
      .replace(/(<(style|script)>)[^]*?(<\/\2>)/g, '$1…$3')
      .replace(/&#39;sha256-[^ ;]+&#39;/g, 'DIGEST');
    await expect(text).toMatchFileSnapshot(golden(`${name}.html.txt`));
  });

  test('plain lines', async () => {
    const output = new PassThrough();
    const reporter = createPlainReporter(output, colours);
    for (const event of events) reporter.onEvent(event);
    await expect(String(output.read())).toMatchFileSnapshot(golden(`${name}.plain.txt`));
  });

  test('closing report at 80 columns', async () => {
    const text = closing(record, { width: 80, colours, outDir: '/run/reports', cwd: '/run' });
    await expect(text).toMatchFileSnapshot(golden(`${name}.closing.txt`));
    expect(widest(text.split('\n').filter((line) => !line.includes('reports/')))).toBeLessThanOrEqual(80);
  });

  test('the table has a column for each phase that was seen where there is room', async () => {
    const seen = phases.filter((phase) =>
      record.cells.some(({ attempts }) => attempts.at(-1)?.phases.some((one) => one.phase === phase)),
    );
    const text = closing(record, { width: 160, colours, outDir: '/run/reports', cwd: '/run' });
    expect(text.split('\n')[1]?.split(/ {2,}/)).toEqual([
      'cell',
      'verdict',
      ...seen,
      'boot s',
      'access',
      'checks',
      'total s',
    ]);
  });
});
