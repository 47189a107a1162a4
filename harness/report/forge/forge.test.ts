/** What forges read, read as they do: TAP by its parser, Markdown by one of GitHub's flavour. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { Parser } from 'tap-parser';
import { dir } from 'tmp-promise';
import { expect, onTestFinished, test } from 'vitest';
import type { CheckResult, EventBody, RunEvent } from '../../events.ts';
import { fold } from '../record/fold.ts';
import { readEvents } from '../record/read-events.ts';
import { headline } from '../headline.ts';
import { annotations, createGitHubReporter } from './github.ts';
import { markdown } from './markdown.ts';
import { tap } from './tap.ts';

const recorded = fold(readEvents(path.join(import.meta.dirname, '../golden/every-verdict.jsonl')));

/** What a guest says to be more than text. */
const hostile =
  'x\n::error::owned\n::set-output name=a::b %0A # SKIP \\ | a | <script>alert(1)</script> ![p](http://e.example/p.png) [l](javascript:x) @somebody www.e.example `code` **bold**';

const hostileCheck: CheckResult = {
  name: hostile,
  verdict: 'failed',
  reason: hostile,
  seconds: 1,
  access: [],
  evidence: [],
  file: 'scenarios/sshd.ts',
};

/** A run whose only cell says that in each field. */
const hostileRun = fold(
  (
    [
      { type: 'cell-started', cell: hostile, attempt: 1, cpus: 1, memoryMiB: 512, argv: [hostile] },
      { type: 'check-finished', cell: hostile, result: hostileCheck },
      {
        type: 'cell-finished',
        cell: hostile,
        attempts: 1,
        verdict: 'failed',
        phase: 'shell',
        reason: hostile,
        seconds: 2,
        cpuSeconds: 1,
        access: 'serial',
      },
      { type: 'notice', level: 'error', text: hostile },
    ] satisfies EventBody[]
  ).map((body, at): RunEvent => Object.assign({ time: '2026-01-01T00:00:00.000Z', at }, body)),
);

test('TAP says of each cell and check what it came to', () => {
  const results = Parser.parse(tap(recorded), { flat: false });
  const verdicts = results.flatMap(([kind, value]) => (kind === 'assert' ? [[value.name, value.ok]] : []));
  const cells = recorded.cells.map(({ summary, verdict }) => [
    summary.id,
    verdict !== 'failed' && verdict !== 'error',
  ]);
  expect(verdicts.slice(0, cells.length)).toEqual(cells);
  const complete = results.findLast(([kind]) => kind === 'complete');
  expect(complete?.[1]).toMatchObject({ failures: expect.anything(), skip: recorded.counts.skipped });
  // Nothing in it is no TAP.
  expect(results.filter(([kind]) => kind === 'extra')).toEqual([]);
});

test('nothing of a guest is TAP', () => {
  const results = Parser.parse(tap(hostileRun), { flat: false });
  const asserts = results.flatMap(([kind, value]) => (kind === 'assert' ? [value] : []));
  expect(asserts.map(({ ok, skip }) => [ok, skip])).toEqual([
    [false, false],
    [false, false],
  ]);
});

const asGitHubShows = (text: string): string =>
  micromark(text, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] });

test('Markdown is tables, one line a failure', () => {
  const shown = asGitHubShows(markdown(recorded));
  const { failed, error, total } = recorded.counts;
  const [failures = '', matrix = ''] = shown.split('<table>').slice(1);
  expect(failures.match(/<tr>/g)).toHaveLength(failed + error + 1);
  expect(matrix.match(/<tr>/g)).toHaveLength(total + 1);
});

test('nothing of a guest is Markdown', () => {
  const shown = asGitHubShows(markdown(hostileRun));
  expect(shown).not.toMatch(/<(?:a|img|script|strong|code)\b(?!>(?:error|warning))/);
  expect(shown).toContain('&lt;script&gt;');
  // GitHub tells whoever is named so; where something stands between it does not.
  expect(shown).not.toContain('@somebody');
});

test('nothing of a guest is a workflow command', () => {
  const lines = annotations(hostileRun).trimEnd().split('\n');
  expect(lines).toHaveLength(2);
  for (const line of lines)
    expect(line).toMatch(/^::error (?:file=scenarios\/sshd\.ts,title=[^:,]+|)::[^\r\n]*$|^::error::/);
  expect(lines[1]).toContain('%250A');
});

test('more errors than GitHub shows are told as a number', () => {
  const [cell] = hostileRun.cells;
  if (cell === undefined) throw new Error('the run has a cell');
  const lines = annotations({ ...hostileRun, notices: [], cells: Array.from({ length: 15 }, () => cell) });
  expect(lines.trimEnd().split('\n')).toHaveLength(10);
  expect(lines).toMatch(/::error::6 more: /);
});

test('the summary is added to what the step has said already', async () => {
  const { path: directory, cleanup } = await dir({ unsafeCleanup: true });
  onTestFinished(() => cleanup());
  const file = path.join(directory, 'summary.md');
  const output = new PassThrough();
  for (const name of ['first', 'second']) {
    const reporter = createGitHubReporter(output, { GITHUB_STEP_SUMMARY: file });
    for (const event of readEvents(path.join(import.meta.dirname, '../golden/killed.jsonl')))
      reporter.onEvent(event);
    await reporter.finish?.();
    expect(String(output.read()), name).toContain('::error');
  }
  expect(readFileSync(file, 'utf8').match(/^## /gm)).toHaveLength(2);
});

test('a failure that is known is told, and fails nothing', () => {
  const known = fold(readEvents(path.join(import.meta.dirname, '../golden/known.jsonl')));
  const text = tap(known);
  expect(text).toMatch(
    /^ {4}not ok 3 - tor # TODO expected tor\.service to be active.*known until 2026-12-31/m,
  );
  expect(text).toMatch(/^not ok 2 - qemu\.x86_64\.bios\.disk # TODO tor: /m);
  const results = Parser.parse(text, { flat: false });
  const complete = results.findLast(([kind]) => kind === 'complete');
  expect(complete?.[1]).toMatchObject({ fail: 3, todo: 2 });
  expect(annotations(known)).toContain('::warning title=qemu.x86_64.bios.disk known::tor: ');
  expect(headline(known)).toBe('3 cells: 1 failed, 2 failed as is known');
});
