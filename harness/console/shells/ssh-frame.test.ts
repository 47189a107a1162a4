import { execaSync } from 'execa';
import { expect, test } from 'vitest';
import { inFrame, readFrame } from './ssh-frame.ts';

test.each([
  ['an answer', '\nm\nout\n\nm 0\n', { status: 0, output: 'out\n' }],
  ['a greeting before it', 'Welcome!\nm\nout\nm 0\n', { status: 0, output: 'out' }],
  ['a word of farewell behind it', '\nm\nout\nm 0\nbye\n', { status: 0, output: 'out' }],
  ['nothing', '\nm\n\nm 3\n', { status: 3, output: '' }],
  ['a mark in the output', '\nm\nm 1\nx\n\nm 2\n', { status: 2, output: 'm 1\nx\n' }],
  ['half a status', '\nm\nout\n\nm 1', null],
  ['no end', '\nm\nout\n', null],
  ['no beginning', 'out\nm 0\n', null],
])('%s', (_, stdout, expected) => {
  const answer = readFrame(Buffer.from(stdout), 'm');
  if (expected === null) expect(answer).toBe(null);
  else expect(answer).toMatchObject(expected);
});

test.each(['sh', 'dash', 'busybox sh'])('%s runs what is in a frame', (shell) => {
  const [program = '', ...args] = shell.split(' ');
  const { stdout } = execaSync(program, [...args, '-c', inFrame('m', 'echo out; false')], {
    stripFinalNewline: false,
  });
  expect(readFrame(Buffer.from(stdout), 'm')).toMatchObject({ status: 1, output: 'out\n' });
});
