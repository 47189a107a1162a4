import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { failure } from './failures.ts';
import type { CellRecord } from '../record/record.ts';
import { coloursFor } from './terminal.ts';

const cell: CellRecord = {
  summary: { id: 'a', format: '', arch: '', firmware: '', medium: '', image: '' },
  attempts: [],
  inventory: null,
  attachments: [
    { name: 'boots it by hand', path: 'cells/a/qemu.sh', at: 0 },
    { name: 'serial log', path: 'cells/a/serial.log', at: 0 },
  ],
  verdict: 'failed',
  code: null,
  phase: 'kernel',
  reason: 'No shell.\n::error::x',
  seconds: 1,
  access: null,
  checks: [],
  cpuSeconds: null,
  endedAt: 1,
  evidence: '\x1B]0;title\x07::error::owned\n##[group]owned',
};

test('pictures of details are left to the report; what the last one shows is told', () => {
  const shows = `a QR code: \x1B]0;title\x07${'x'.repeat(5000)}`;
  const shown = failure(
    {
      ...cell,
      attachments: [
        { name: 'screen at kernel', path: 'cells/a/screen-kernel.png', detail: true, at: 0 },
        { name: 'screenshot', path: 'cells/a/screen.png', shows, at: 0 },
      ],
    },
    { width: 80, colours: coloursFor(new PassThrough(), {}), shownPath: (file) => file },
  );
  expect(shown).not.toContain('screen-kernel');
  expect(shown).toMatch(/^ {2}screenshot: cells\/a\/screen\.png \(a QR code: x{150,}…\)$/m);
});

const text = (directory: string) =>
  failure(cell, {
    width: 80,
    colours: coloursFor(new PassThrough(), {}),
    shownPath: (file) => directory + file,
  });

test("what the guest says is quoted, and no command of the CI's", () => {
  expect(text('').split('\n')).toEqual([
    'FAIL a',
    '  No shell. : :error::x',
    '  | : :error::owned',
    '  | # #[group]owned',
    '  serial log: cells/a/serial.log',
    '  again: sh cells/a/qemu.sh',
  ]);
});

test('the command can be pasted, whatever the directory is called', () => {
  expect(text("/tmp/it's $HOME/")).toContain(String.raw`  again: sh '/tmp/it'\''s $HOME/cells/a/qemu.sh'`);
});
