import { describe, expect, it } from 'vitest';
import { maxLineLength } from './clean.ts';
import { seededRandom } from '../testing/random.ts';
import { Transcript } from './transcript.ts';

const clean = (bytes: string | Buffer, chunk = 1 << 20): string => {
  const transcript = new Transcript();
  const data = Buffer.from(bytes);
  for (let at = 0; at < data.length; at += chunk) transcript.append(data.subarray(at, at + chunk));
  return transcript.text();
};

describe('clean text', () => {
  it.each([
    ['plain lines', 'a\nb\n', 'a\nb\n'],
    ['a serial line’s line ends', 'a\r\nb\r\n\r\nc', 'a\nb\n\nc'],
    ['the second \\r that a pty adds', 'a\r\r\n\r\r\nb', 'a\n\nb'],
    ['a line that is written over', 'A job (1s)\rA job (2s)\r\n', 'A job (1s)\nA job (2s)\n'],
    ['colours', '[\x1b[0;32m  OK  \x1b[0m] Started \x1b[1mx\x1b[m.', '[  OK  ] Started x.'],
    ['what firmware prints', '\x1b[2J\x1b[01;01H\x1b[=3hBdsDxe: loading', 'BdsDxe: loading'],
    [
      'a title in a prompt, as NixOS has it',
      '\x1b[1;31m[\x1b]0;root@nixos: ~\x07root@nixos:~]#\x1b[0m ',
      '[root@nixos:~]# ',
    ],
    ['a title with ST', 'a\x1b]2;title\x1b\\b', 'ab'],
    ['a title that is never ended', 'a\x1b]0;title\r\nb', 'a\nb'],
    ['device control strings', 'a\x1bP+q544e\x1b\\b\x1b_apc\x1b\\c\x1b^pm\x1b\\d', 'abcd'],
    [
      'all that systemd 262 asks and tells',
      '\x1bP+q6E616D65\x1b\\\x1b[18t\x1b7\x1b[32766;32766H\x1b[6n\x1b8\x1b[!p\x1b]104\x1b\\\x1b[0m\x1b[?7h\x1b[1G\x1b[0J' +
        '\x1b[0;1;39mBooting initrd of \x1b[0m\x1b[0;38;2;126;186;228mX\x1b[0m\x1b[0;1;39m.\x1b[0m\r\r\n' +
        '\x1b]3008;start=45;user=root;hostname=a;pid=1;comm=systemd;type=boot\x1b\\[\x1b[0;32m  OK  \x1b[0m] Started a.\r\r\n' +
        '\x1bM\r\x1b[K\x1b[0;1;38:5:185mb\x1b[0m\x1b]3008;end=45;exit=success\x1b\\\r\n',
      'Booting initrd of X.\n[  OK  ] Started a.\nb\n',
    ],
    ['a palette, which has no end', 'a\x1b]P0123456b\x1b]Rc', 'abc'],
    ['charsets and keypads', '\x1b(Ba\x1b)0\x0eb\x0f\x1b=\x1b>\x1b7\x1b8c\x1b#8', 'abc'],
    ['bracketed paste', '\x1b[?2004h$ \x1b[?2004l', '$ '],
    ['text at another row', 'menu\x1b[5;3Hentry\x1b[6;3Hother', 'menu\nentry\nother'],
    ['text further on in the row', 'a\x1b[20Cb', 'a b'],
    ['erased text', 'Press Ctrl-B...\b \b\b \b\b \bx', 'Press Ctrl-Bx'],
    ['no more erased than the line has', 'a\nb\b\b\b\bc', 'a\nc'],
    ['a sequence that is broken off', 'a\x1b[31\x18b\x1b[3\x1b[1mc', 'abc'],
    ['controls inside a sequence', 'a\x1b[3\r\n1mb', 'a\nb'],
    ['other controls, C1 and DEL', 'a\0b\x07c\x0bd\x7fe\u0085f', 'abcdef'],
    ['tabs', 'a\tb', 'a\tb'],
    ['no UTF-8', Buffer.from([0x61, 0xff, 0xc3, 0x62]), 'a\ufffd\ufffdb'],
    ['characters beyond ASCII', 'ü → 🙂', 'ü → 🙂'],
  ])('%s', (_, bytes, expected) => {
    expect(clean(bytes)).toBe(expected);
    for (const chunk of [1, 2, 3, 17]) expect(clean(bytes, chunk)).toBe(expected);
  });

  describe('torn by a message', () => {
    const kernel = '[   12.345678] usb 1-1: new device';
    it.each([
      ['a prompt', `nixos login: ${kernel}\r\n`, `${kernel}\nnixos login: `],
      ['a word', `nixos log${kernel}\r\nin: `, `${kernel}\nnixos login: `],
      [
        'a line, several times',
        `a${kernel}\nb${kernel}\n${kernel}\nc\n`,
        `${kernel}\n${kernel}\n${kernel}\nabc\n`,
      ],
      [
        'a message that tells its thread',
        `a[    1.000000][  T123] b\r\nc\n`,
        `[    1.000000][  T123] b\nac\n`,
      ],
      ['colours around it', `a\x1b[0m[    1.000000] \x1b[1mb\r\nc\n`, `[    1.000000] b\nac\n`],
      ['an answer’s line', `QUJD${kernel}\r\nREVG\r\n`, `${kernel}\nQUJDREVG\n`],
      [
        'a prompt, by systemd',
        'nixos login: [  OK  ] Started a.\r\n         Starting b...\r\nsystemd[1]: c\r\nroot\n',
        '[  OK  ] Started a.\n         Starting b...\nnixos login: systemd[1]: c\nroot\n',
      ],
      [
        'a prompt, by a job that takes long',
        'nixos login: [*     ] (1 of 2) Job a.service/stop running (3s / 1min 30s)\r\n',
        '[*     ] (1 of 2) Job a.service/stop running (3s / 1min 30s)\nnixos login: ',
      ],
      [
        'a prompt, by what systemd does next',
        'nixos login: [  !!  ] Rebooting: b\r\n',
        '[  !!  ] Rebooting: b\nnixos login: ',
      ],
      ['a shell’s prompt, by systemd', '[a@b:~]# systemd[1]: c\r\nls\n', 'systemd[1]: c\n[a@b:~]# ls\n'],
      ['nothing: a kernel’s own line', `${kernel}\r\nb\n`, `${kernel}\nb\n`],
      ['nothing: two that lost a newline', `[    1.000000] a${kernel}\n`, `[    1.000000] a${kernel}\n`],
      [
        'nothing: a log that quotes the kernel',
        `Nov 21 kernel: ${kernel}\nb\n`,
        `Nov 21 kernel: ${kernel}\nb\n`,
      ],
      ['nothing: an older init’s OK', 'Starting sshd: [  OK  ]\r\nb\n', 'Starting sshd: [  OK  ]\nb\n'],
      ['nothing: a log of systemd’s', 'Nov 21 host systemd[1]: a\nb\n', 'Nov 21 host systemd[1]: a\nb\n'],
      [
        'nothing: what ran before the kernel',
        'Loading initrd...ok[    0.000000] Linux version 6\r\nLoading, please wait...\n',
        'Loading initrd...ok\n[    0.000000] Linux version 6\nLoading, please wait...\n',
      ],
    ])('%s', (_, bytes, expected) => {
      for (const chunk of [1, 2, 17, 1000]) expect(clean(bytes, chunk)).toBe(expected);
    });

    it('is still the same line', () => {
      const transcript = new Transcript();
      transcript.append(Buffer.from('a\nnixos login: '));
      expect(transcript.lineNumber).toBe(1);
      transcript.append(Buffer.from(`${kernel}\r\n`));
      expect([transcript.lineNumber, transcript.line]).toEqual([1, 'nixos login: ']);
      transcript.append(Buffer.from('root\r\n'));
      expect([transcript.lineNumber, transcript.line]).toEqual([2, '']);
    });

    it('is put together at any place and at any length', () => {
      const random = seededRandom(11);
      const line = 'The quick brown fox jumps over the lazy dog, 0123456789+/ABCDEF.';
      for (let round = 0; round < 300; round++) {
        let text = '';
        let messages = '';
        for (const char of line) {
          text += char;
          if (random() > 0.1) continue;
          text += `${kernel}\r\n`;
          messages += `${kernel}\n`;
        }
        expect(clean(`${text}\r\n`, 1 + Math.floor(random() * 30))).toBe(`${messages}${line}\n`);
      }
    });

    it('is bounded', () => {
      const transcript = new Transcript(10_000);
      for (let index = 0; index < 10_000; index++) transcript.append(Buffer.from('xx[    1.000000] \r\n'));
      expect(transcript.line.length).toBeLessThan(2 * maxLineLength);
    });
  });

  it('is the same however the bytes are cut', () => {
    const random = seededRandom(7);
    const pieces = [
      'text ',
      '\r',
      '\n',
      '\r\n',
      '\x1b',
      '\x1b[',
      '1;31m',
      '\x1b]0;',
      '\x07',
      '\b',
      'ü',
      '\x1bP',
      '\\',
      'H',
      '\x18',
      'z'.repeat(5000),
    ];
    for (let round = 0; round < 50; round++) {
      const text = Array.from({ length: 60 }, () => pieces[Math.floor(random() * pieces.length)]).join('');
      const whole = clean(text);
      expect(clean(text, 1 + Math.floor(random() * 20))).toBe(whole);
      expect(whole).not.toMatch(/[^\P{Cc}\n\t]/u);
    }
  });
});

describe('memory', () => {
  it('is bounded, and positions go on', () => {
    const transcript = new Transcript(100_000);
    const line = `${'x'.repeat(99)}\n`;
    for (let index = 0; index < 10_000; index++) transcript.append(Buffer.from(line));
    expect(transcript.end).toBe(1_000_000);
    expect(transcript.text().length).toBeGreaterThanOrEqual(100_000);
    expect(transcript.text().length).toBeLessThan(200_000);
    expect(transcript.text(999_900)).toBe(line);
  });

  it.each([
    ['tabulators', '\t'],
    ['movements of the cursor', '\x1b[C'],
  ])('is bounded where all that comes is %s', (_, bytes) => {
    const transcript = new Transcript();
    transcript.append(Buffer.from(`x${bytes.repeat(20_000)}`));
    expect(transcript.line.length).toBeLessThanOrEqual(maxLineLength);
  });

  it('is bounded without newlines, too', () => {
    const transcript = new Transcript(100_000);
    const lines: number[] = [];
    transcript.onLine((line) => lines.push(line.length));
    transcript.append(Buffer.alloc(1_000_000, 'x'));
    transcript.append(Buffer.from('\n'));
    expect(Math.max(...lines)).toBe(maxLineLength);
    expect(lines.reduce((sum, length) => sum + length)).toBe(1_000_000);
    expect(transcript.text().length).toBeLessThan(200_000);
  });
});

describe('waiting', () => {
  it('finds what is there already, and what comes, over chunks', async () => {
    const transcript = new Transcript();
    transcript.append(Buffer.from('hello world\n'));
    expect(await transcript.waitFor('world')).toEqual({ start: 6, end: 11, text: 'world', groups: [] });
    const later = transcript.waitFor(/nixos (log)in: $/m);
    for (const byte of Buffer.from('\x1b[1mnixos\x1b[0m login: ')) transcript.append(Buffer.of(byte));
    expect(await later).toEqual({ start: 12, end: 25, text: 'nixos login: ', groups: ['log'] });
  });

  it('looks only behind a position', async () => {
    const transcript = new Transcript();
    transcript.append(Buffer.from('$ '));
    const from = transcript.end;
    const waiting = transcript.waitFor('$ ', { from });
    transcript.append(Buffer.from('ls\n'));
    transcript.append(Buffer.from('$ '));
    expect((await waiting).start).toBe(5);
  });

  it('finds a match that begins in an older chunk of a flood', async () => {
    const transcript = new Transcript();
    const waiting = transcript.waitFor(/begin.*end/);
    transcript.append(Buffer.from(`${'x'.repeat(50_000)}begin`));
    transcript.append(Buffer.from(`${'y'.repeat(500)}end`));
    expect((await waiting).start).toBe(50_000);
  });

  it('gives up in time, with the last lines as evidence', async () => {
    const transcript = new Transcript();
    transcript.append(Buffer.from('stuck here\n'));
    await expect(transcript.waitFor('never', { timeoutMs: 5 })).rejects.toMatchObject({
      code: 'console-timeout',
      evidence: 'stuck here',
    });
  });

  it('ends with the signal', async () => {
    const controller = new AbortController();
    const waiting = new Transcript().waitFor('never', { signal: controller.signal });
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });
});
