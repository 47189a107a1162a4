import { describe, expect, it } from 'vitest';
import { Terminal } from './terminal.ts';

/** What the terminal answers to bytes, until it answers the status request that ends them. */
function ask(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let answers = '';
    const terminal = new Terminal((answer) => {
      if (answer === '\x1b[0n') resolve(answers);
      else answers += answer;
    });
    terminal.write(Buffer.from(`${bytes}\x1b[5n`));
  });
}

describe('a terminal answers', () => {
  it.each([
    ['its size, as systemd asks', '\x1b7\x1b[32766;32766H\x1b[6n\x1b8', '\x1b[48;160R'],
    ['where its cursor is behind letters of two bytes', 'äb\r\n§ \x1b[6n', '\x1b[2;3R'],
    ['where its cursor is, as BusyBox asks', 'ab\r\n$ \x1b[6n', '\x1b[2;3R'],
    ['what it is', '\x1b[c', '\x1b[?1;2c'],
    ['that it does not know a mode', '\x1b[?9999$p', '\x1b[?9999;0$y'],
    ['its name, as systemd 258 asks', '\x1bP+q544E\x1b\\', '\x1bP1+r544E=7674323230\x1b\\'],
    ['its name, as systemd 262 asks', '\x1bP+q6E616D65\x1b\\', '\x1bP1+r6E616D65=7674323230\x1b\\'],
    ['no other capability', '\x1bP+q524742\x1b\\', '\x1bP0+r\x1b\\'],
    ['its background', '\x1b]11;?\x07', '\x1b]11;rgb:0000/0000/0000\x1b\\'],
    ['its size in characters', '\x1b[18t', '\x1b[8;48;160t'],
    [
      'nothing to what systemd 262 only tells',
      '\x1b[!p\x1b]104\x1b\\\x1b[0m\x1b[?7h\x1b[1G\x1b[0J\x1b]3008;start=45;user=root;type=boot\x1b\\',
      '',
    ],
    ['nothing to text', 'hello\r\n\x1b]0;title\x07\x1b[=3h\x1b[1mworld', ''],
  ])('%s', async (_, question, answer) => {
    expect(await ask(question)).toBe(answer);
  });
});

it('answers as if it had been told all of a text without questions', async () => {
  const text = Array.from({ length: 5000 }, (_, index) => `line ${index}\r\n`).join('');
  expect(await ask(`${text}abc\x1b[6n`)).toBe('\x1b[48;4R');
  const answers: string[] = [];
  const terminal = new Terminal((answer) => answers.push(answer));
  for (let at = 0; at < text.length; at += 1000) terminal.write(Buffer.from(text.slice(at, at + 1000)));
  for (const part of ['abc\x1b', '[6', 'n']) terminal.write(Buffer.from(part));
  while (answers.length === 0) await new Promise((resolve) => setImmediate(resolve));
  expect(answers).toEqual(['\x1b[48;4R']);
});

describe('a terminal is bounded', () => {
  it('where it is asked without end', async () => {
    let answers = 0;
    const many = Promise.withResolvers<void>();
    const terminal = new Terminal((answer) => {
      answers += answer.length;
      if (answers > 30_000) many.resolve();
    });
    for (let round = 0; round < 20; round++) terminal.write(Buffer.from('\x1b[6n'.repeat(1000)));
    await many.promise;
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(answers).toBeLessThan(33_000);
  });

  // Each of them would take hours, or more memory than there is.
  it.each([...'ILMSTZb'])('where it is told to do CSI %s without end', async (final) => {
    expect(await ask(`a\x1b[2147483647${final}\x1b[3${final}`)).toBe('');
  });

  it.each([
    ['links', 'a', '\x1b]8;;a\x07'],
    ['accents on one letter', 'a', '\u0301'],
    ['a title that is never ended', '\x1b]0;', 'x'],
    ['a title of many lines', '\x1b]0;', 'x\r\n'],
    ['colours faster than they are taken in', '', '\x1b[1my\r\n'],
  ])('by %s', async (_, start, text) => {
    const terminal = new Terminal(() => {});
    terminal.write(Buffer.from(start));
    const data = Buffer.alloc(60_000, text);
    const before = process.memoryUsage().rss;
    for (let round = 0; round < 150; round++) {
      terminal.write(data);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(100);
  });

  it('and answers again after a string that never ended', async () => {
    expect(await ask(`\x1b]0;${'x\n'.repeat(10)}\x07`)).toBe('');
    const answers: string[] = [];
    const terminal = new Terminal((answer) => answers.push(answer));
    terminal.write(Buffer.from('\x1b]0;'));
    for (let round = 0; round < 3; round++) terminal.write(Buffer.alloc(60_000, 'x\r\n'));
    terminal.write(Buffer.from('\x1b[5n'));
    while (answers.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(answers).toEqual(['\x1b[0n']);
  });
});

describe('its screen', () => {
  const shows = async (bytes: string) => {
    let terminal: Terminal | undefined;
    await new Promise<void>((resolve) => {
      terminal = new Terminal(() => resolve());
      terminal.write(Buffer.from(`${bytes}\x1b[5n`));
    });
    return terminal?.screen;
  };

  it('has what was written where the cursor was', async () => {
    const screen = await shows('\x1b[2J\x1b[03;05Htwo \x1b[01;01Hone');
    expect(screen?.rows.slice(0, 4)).toEqual(['one', '', '    two', '']);
    expect(screen?.cursor).toEqual({ row: 0, column: 3 });
  });

  it('has what asks nothing, too', async () => {
    const terminal = new Terminal(() => {});
    terminal.write(Buffer.from(`${'x'.repeat(5000)}\r\nlast`));
    await expect.poll(() => terminal.screen.rows.findLast((row) => row !== '')).toBe('last');
  });
});
