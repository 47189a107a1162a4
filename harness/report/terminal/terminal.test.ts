import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { Output } from './terminal.ts';
import { canOverwrite, coloursFor } from './terminal.ts';

const pipe: Output = new PassThrough();
const tty: Output = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });

test.each([
  ['a terminal', tty, {}, true],
  ['a pipe', pipe, {}, false],
  ['NO_COLOR', tty, { NO_COLOR: '1' }, false],
  ['NO_COLOR before FORCE_COLOR', tty, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  ['an empty NO_COLOR', tty, { NO_COLOR: '' }, true],
  ['FORCE_COLOR', pipe, { FORCE_COLOR: '1' }, true],
  ['FORCE_COLOR=0', tty, { FORCE_COLOR: '0' }, false],
  ['a dumb terminal', tty, { TERM: 'dumb' }, false],
])('colours: %s', (_, output, env, coloured) => {
  expect(coloursFor(output, env).red('x')).toBe(coloured ? '\x1B[31mx\x1B[39m' : 'x');
});

test.each([
  ['a terminal', tty, {}, true],
  ['a pipe', pipe, {}, false],
  ['a CI with a terminal', tty, { CI: 'true' }, false],
  ['a dumb terminal', tty, { TERM: 'dumb' }, false],
  [
    'a terminal without a size',
    Object.assign(new PassThrough(), { isTTY: true, columns: 0, rows: 0 }),
    {},
    false,
  ],
])('overwrites lines: %s', (_, output, env, overwrites) => {
  expect(canOverwrite(output, env)).toBe(overwrites);
});
