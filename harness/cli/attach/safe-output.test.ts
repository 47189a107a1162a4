import { expect, test } from 'vitest';
import { SafeOutput } from './safe-output.ts';

const safe = (text: string): string => new SafeOutput().push(Buffer.from(text));

test('text and what draws come through as they are', () => {
  for (const text of [
    'login: \r\n\tgrün ✓\b\b',
    '\x1B[1;31mred\x1B[0m\x1B[38:5:1mx\x1B[m',
    '\x1B[2J\x1B[H\x1B[10;5Hx\x1B[K\x1B[3A\x1B[2L\x1B[1;24r',
    '\x1B[?25l\x1B[?1049h\x1B[?1;7h\x1B[?2004l',
    '\x1B7\x1B8\x1BM\x1B(B\x1B)0\x1B=',
  ])
    expect(safe(text)).toBe(text);
});

test('what does something to a terminal, or has it answer into the guest, is left out', () => {
  for (const [name, sequence] of Object.entries({
    'the clipboard': '\x1B]52;c;cm0gLXJmIH4=\x07',
    'a title, ended by ST': '\x1B]0;title\x1B\\',
    'a device control string': '\x1BP$qm\x1B\\',
    'an application string': '\x1B_payload\x1B\\',
    'where the cursor is': '\x1B[6n',
    'which terminal it is': '\x1B[c\x1B[>c\x1B[0c\x1BZ',
    'its window': '\x1B[21t\x1B[8;1;1t',
    'its own keyboard locked': '\x1B[2h',
    'mouse reports': '\x1B[?1000h\x1B[?1006h',
    'a reset': '\x1Bc',
    printing: '\x1B[5i',
    'C1 controls': '\u009B6n',
    answerback: '\x05',
    'other codings': '\x1B%G',
  }))
    expect(safe(`a${sequence}b`).replace('6n', ''), name).toBe('ab');
});

test('how the bytes are cut makes no difference', () => {
  const bytes = Buffer.from('ä\x1B[1mx\x1B]52;c;AAAA\x1B\\y\x1B[6nz\x1B(0q\x1B[?25h');
  const output = new SafeOutput();
  const told = [...bytes].map((byte) => output.push(Buffer.of(byte))).join('');
  expect(told).toBe(safe(bytes.toString()));
  expect(told).toBe('ä\x1B[1mxyz\x1B(0q\x1B[?25h');
});

test('a string without an end swallows one line at most, and an endless sequence nothing', () => {
  expect(safe('\x1B]0;never ended\r\nnext line')).toBe('\r\nnext line');
  expect(safe(`\x1B[${'1;'.repeat(100)}mtext`).endsWith('text')).toBe(true);
});
