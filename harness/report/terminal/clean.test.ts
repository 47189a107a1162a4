import { describe, expect, test } from 'vitest';
import { clean, cleanLine, excerpt, forTerminal, forXml, lineForXml } from './clean.ts';

describe('clean', () => {
  test.each([
    ['colours and cursor movement', '\x1B[1;31mred\x1B[0m\x1B[2J\x1B[10;10H!', 'red!'],
    ['8-bit CSI', '\x9B31mred', 'red'],
    ['a title with a blank, ended by BEL', '\x1B]0;root@host: ~\x07$ ', '$ '],
    ["systemd's context, ended by ST", '\x1B]3008;start=1;user=root\x1B\\ok', 'ok'],
    ['a device control string', '\x1BP1$r0m\x1B\\ok', 'ok'],
    ['two-byte escapes', '\x1B(B\x1B7\x1Bcok', 'ok'],
    ['a string that never ends: its text is shown', '\x1B]0;title\nnext', '0;title\nnext'],
    ['an escape at the end', 'text\x1B', 'text␛'],
    ['carriage returns', '10%\r20%\r\ndone\r\r\n', '10%\n20%\ndone\n'],
    ['NUL, backspace, DEL', 'a\0b\bc\x7F', 'a␀b␈c␡'],
    ['marks that reorder text', 'exe.\u202Egnp \u2066x\u2069', 'exe.\uFFFDgnp \uFFFDx\uFFFD'],
    ['what XML forbids', 'a\uFFFEb\uFFFFc\uD800d\uDC00', 'a\uFFFDb\uFFFDc\uFFFDd\uFFFD'],
    ['what is plain stays', "zyöäü- §'$@ç 日本語 🐧\ttab", "zyöäü- §'$@ç 日本語 🐧\ttab"],
  ])('%s', (_, text, expected) => {
    expect(clean(text)).toBe(expected);
  });

  test('ends on long texts of unfinished sequences', () => {
    for (const start of ['\x1B]', '\x1B[', '\x1BP0', '\x1B[1;', '\x1B ']) {
      expect(clean(start.repeat(100_000))).not.toContain('\x1B');
    }
  });

  test('a reason is one line', () => {
    expect(cleanLine('  expected\r\n\tthis  ')).toBe('expected this');
  });
});

describe('forTerminal', () => {
  test.each([
    ['::error file=x::text', ': :error file=x::text'],
    ['seen ::set-env name=PATH::x', 'seen : :set-env name=PATH::x'],
    ['##[error]text', '# #[error]text'],
    ['a ##vso[task.setvariable]x', 'a # #vso[task.setvariable]x'],
    ['##teamcity[testFailed]', '# #teamcity[testFailed]'],
    ['fe80::5054:ff:fe12:3456 and ::1', 'fe80::5054:ff:fe12:3456 and ::1'],
  ])("breaks a CI's command: %s", (text, expected) => {
    expect(forTerminal(text)).toBe(expected);
  });
});

describe('forXml', () => {
  test('no text ends its CDATA section', () => {
    expect(forXml(']]>]]>]]\x1B[m>')).not.toContain(']]>');
  });

  test('no guest names an attachment', () => {
    expect(forXml('[[ATTACHMENT|/etc/shadow]] [[\x1B[mattachment|x]]')).not.toMatch(/\[\[attachment/i);
  });

  test('an attribute is short', () => {
    expect(lineForXml('🐧'.repeat(10), 5)).toBe('🐧🐧\uFFFD…');
  });
});

describe('excerpt', () => {
  test('keeps head and tail and says what is left out', () => {
    const text = Array.from({ length: 10 }, (_, index) => `line ${index}`).join('\n');
    expect(excerpt(`${text}\n\n`, { lines: 5, columns: 80 }).split('\n')).toEqual([
      'line 0',
      '… 6 lines left out …',
      'line 7',
      'line 8',
      'line 9',
    ]);
  });

  test('leaves a text that fits as it is, and cuts long lines', () => {
    expect(excerpt('a\nb', { lines: 2, columns: 1 })).toBe('a\nb');
    expect(excerpt('abcdef', { lines: 2, columns: 3 })).toBe('abc…');
  });
});
