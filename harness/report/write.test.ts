import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { dir } from 'tmp-promise';
import { expect, onTestFinished, test } from 'vitest';
import { HostError } from '../errors.ts';
import { fold } from './record/fold.ts';
import { readEvents } from './record/read-events.ts';
import { writeReports } from './write.ts';

const record = fold(readEvents(path.join(import.meta.dirname, 'golden/killed.jsonl')));

async function scratch(): Promise<string> {
  const { path: directory, cleanup } = await dir({ unsafeCleanup: true });
  onTestFinished(() => cleanup());
  return directory;
}

test('writes the reports that are always there, with attachments as the CI finds them, and leaves nothing else', async () => {
  const cwd = await scratch();
  const out = path.join(cwd, 'deep/reports');
  writeReports(record, out, { cwd });
  expect(readdirSync(out).sort()).toEqual(['index.html', 'junit.xml', 'summary.json']);
  expect(readFileSync(path.join(out, 'junit.xml'), 'utf8')).toContain(
    '[[ATTACHMENT|deep/reports/cells/qemu.x86_64.bios.disk/serial.log]]',
  );
  const summary = JSON.parse(readFileSync(path.join(out, 'summary.json'), 'utf8'));
  expect(summary).toMatchObject({ interrupted: true, counts: { total: 5, passed: 1, error: 2, skipped: 2 } });
});

test('replaces what is there', async () => {
  const out = await scratch();
  writeFileSync(path.join(out, 'junit.xml'), 'old');
  writeReports(record, out);
  expect(readFileSync(path.join(out, 'junit.xml'), 'utf8')).toMatch(/^<\?xml/);
});

test('a report that cannot be written is an error of the host, and keeps no other from being written', async () => {
  const out = await scratch();
  mkdirSync(path.join(out, 'junit.xml'));
  expect(() => writeReports(record, out)).toThrow(HostError);
  expect(readdirSync(out).sort()).toEqual(['index.html', 'junit.xml', 'summary.json']);
});

test('further reports go where they are asked to, or have a name of their own', async () => {
  const out = await scratch();
  const elsewhere = await scratch();
  const file = path.join(elsewhere, 'ci', 'out.xml');
  writeReports(record, out, {
    reporters: [
      { name: 'junit', file },
      { name: 'tap' },
      { name: 'markdown' },
      { name: 'html', file: path.join(elsewhere, 'page.html') },
    ],
  });
  expect(readdirSync(out).sort()).toEqual([
    'index.html',
    'junit.xml',
    'report.md',
    'report.tap',
    'summary.json',
  ]);
  expect(readFileSync(file, 'utf8')).toBe(readFileSync(path.join(out, 'junit.xml'), 'utf8'));
  // Files of the cells are found from where the page is.
  expect(readFileSync(path.join(elsewhere, 'page.html'), 'utf8')).toContain(
    `href="../${path.basename(out)}/cells/qemu.x86_64.bios.disk/serial.log"`,
  );
});
