import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { cksum } from './cksum.ts';
import { AnswerReader, decodeResult, scriptRequests, serverLoader } from './frame.ts';

describe('cksum', () => {
  it.each(['', 'a', 'hello\n', 'ü'.repeat(200), 'x'.repeat(70_000)])('is POSIX’s own: %#', (text) => {
    const [crc, length] = execFileSync('cksum', { input: text, encoding: 'utf8' }).split(' ');
    expect(cksum(text)).toBe(`${crc}-${length?.trim()}`);
  });
});

describe('requests', () => {
  it('stay below what a tty and BusyBox’s line editor take', () => {
    const { command, upload } = serverLoader('abcdefghij');
    const requests = scriptRequests('abcdefghij', 123_456, 'x'.repeat(100_000));
    for (const line of [command, ...upload]) {
      expect(line.length).toBeLessThan(1024);
      expect(line).toMatch(/^[ -~]+$/);
    }
    for (const line of requests) expect(line.length).toBeLessThan(4096);
  });

  it('hold nothing that reads as an answer, so that an echo is none', () => {
    const nonce = 'abcdefghij';
    const reader = new AnswerReader(nonce);
    const { command, upload } = serverLoader(nonce);
    const typed = [command, ...upload, ...scriptRequests(nonce, 1, `echo ${nonce}`)];
    for (const line of typed) expect(reader.read(line)).toBe(null);
  });
});

describe('answers', () => {
  const nonce = 'abcdefghij';
  const text = `${'QUJD'.repeat(19)}\nREVG`;
  const block = ['b 1 1', ...text.split('\n'), `e 1 1 ${cksum(text)}`].map((line) =>
    line.includes(' ') ? `${nonce}<${line}>` : line,
  );
  const read = (lines: readonly string[]): unknown => {
    const reader = new AnswerReader(nonce);
    return lines.map((line) => reader.read(line)).at(-1);
  };

  it('are read', () => {
    expect(read(block)).toEqual({ kind: 'block', sequence: 1, from: 1, text });
    expect(read([`${nonce}<r 7 345-6>`])).toEqual({
      kind: 'long',
      sequence: 7,
      cksum: '345-6',
    });
  });

  it('are read where they were said the same twice', () => {
    const twice = (second: string): string[] => [
      `${nonce}<t 3>`,
      'QUJD',
      `${nonce}<u 3>`,
      second,
      `${nonce}<v 3>`,
    ];
    expect(read(twice('QUJD'))).toEqual({ kind: 'short', sequence: 3, text: 'QUJD' });
    expect(read(twice('QUJ'))).toMatchObject({ text: null });
    expect(read(twice('QUJD').slice(1))).toMatchObject({ text: null });
    expect(read(twice('QUJD').slice(3))).toMatchObject({ text: null });
    expect(read(twice('QUJD').filter((line) => !line.includes('<u')))).toMatchObject({ text: null });
  });

  it('are read with kernel messages between and around', () => {
    const message = '[   12.345678] usb 1-1: new device';
    expect(read(block.flatMap((line) => [message, line]))).toMatchObject({ text });
    expect(read([...block.slice(0, -1), `${message}${block.at(-1)}`])).toMatchObject({ text });
  });

  it('are refused when a message tore a line, or a line is missing', () => {
    expect(
      read(
        block.flatMap((line, index) =>
          index === 1 ? [`${line.slice(0, 10)}[ 1.0] usb`, line.slice(10)] : [line],
        ),
      ),
    ).toMatchObject({ text: null });
    expect(read(block.filter((_, index) => index !== 1))).toMatchObject({ text: null });
    expect(read(block.slice(1))).toMatchObject({ text: null });
  });

  it('of another nonce are none', () => {
    expect(read(['otherother<h>'])).toBe(null);
  });

  it('decode to output and status', () => {
    expect(decodeResult(Buffer.from('out\n\n3').toString('base64'))).toMatchObject({
      status: 3,
      output: 'out\n',
    });
    expect(decodeResult(Buffer.from('no status').toString('base64'))).toBe(null);
  });
});
