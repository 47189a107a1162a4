import { execa } from 'execa';
import { expect, test } from 'vitest';
import { behind, cpio } from './cpio.ts';

test('cpio(1) reads the archives, one behind the other', async () => {
  const first = cpio([
    { path: 'bin', directory: true },
    { path: 'bin/run', content: Buffer.from('#!/bin/sh\n'), executable: true },
  ]);
  const list = async (input: Buffer): Promise<string[]> =>
    (await execa('cpio', ['-t', '-v', '--quiet'], { input })).stdout
      .split('\n')
      .map((line) => line.slice(0, 10));
  expect(await list(first)).toEqual(['drwxr-xr-x', '-rwxr-xr-x']);
  const second = cpio([{ path: 'zeros', size: 5 }]);
  const both = behind(second)(Buffer.concat([first, Buffer.from('x')]));
  expect(both.length % 4).toBe(0);
  expect(await list(both.subarray(both.length - second.length))).toEqual(['-rw-r--r--']);
});
