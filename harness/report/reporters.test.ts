/** A recorded run through the reporters as a run, or `--report-only`, has them: files are what they are written directly. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { dir } from 'tmp-promise';
import { expect, onTestFinished, test } from 'vitest';
import { annotations } from './forge/github.ts';
import { markdown } from './forge/markdown.ts';
import { tap } from './forge/tap.ts';
import { page } from './html/page.ts';
import { fold } from './record/fold.ts';
import { readEvents } from './record/read-events.ts';
import { type ReportersOptions, createReporters } from './reporters.ts';
import { summary } from './summary.ts';

const golden = (name: string) => path.join(import.meta.dirname, 'golden', name);
const events = readEvents(golden('every-verdict.jsonl'));
const record = fold(events);

async function replay(options: Partial<ReportersOptions>): Promise<{ outDir: string; said: string }> {
  const { path: outDir, cleanup } = await dir({ unsafeCleanup: true });
  onTestFinished(() => cleanup());
  const output = new PassThrough();
  const reporters = createReporters({
    outDir,
    output,
    reporters: [],
    pictures: 'linked',
    env: {},
    ...options,
  });
  for (const reporter of reporters) {
    for (const event of events) reporter.onEvent(event);
    await reporter.finish?.();
  }
  return { outDir, said: String(output.read()) };
}

test('every file is written from a replay as from the record', async () => {
  const { outDir } = await replay({
    reporters: [{ name: 'tap' }, { name: 'markdown' }, { name: 'html' }, { name: 'junit' }, { name: 'json' }],
  });
  const read = (name: string) => readFileSync(path.join(outDir, name), 'utf8');
  expect(read('report.tap')).toBe(tap(record));
  expect(read('report.md')).toBe(markdown(record));
  expect(read('summary.json')).toBe(summary(record));
  expect(read('index.html')).toBe(page(record, { outDir }));
  expect(read('junit.xml')).toMatch(/^<\?xml/);
});

test('annotations are there on GitHub, or where they are asked for', async () => {
  const { said } = await replay({});
  expect(said).not.toContain('::error');
  for (const options of [{ env: { GITHUB_ACTIONS: 'true' } }, { reporters: [{ name: 'github' as const }] }]) {
    expect((await replay(options)).said).toContain(annotations(record));
  }
});

test('plain lines are asked for by name', async () => {
  const { said } = await replay({ reporters: [{ name: 'plain' }] });
  expect(said).toContain('START qemu.x86_64.bios.disk\n');
});
