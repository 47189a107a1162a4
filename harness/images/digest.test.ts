import { join } from 'node:path';
import { expect, test } from 'vitest';
import { file } from '../../test/images.ts';
import { HostError } from '../errors.ts';
import { digestFiles } from './digest.ts';

test('SHA-256 in the order given, each path once', async () => {
  const abc = await file('abc');
  const empty = await file('');
  expect(await digestFiles([abc, empty, abc])).toEqual([
    { path: abc, sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' },
    { path: empty, sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
  ]);
});

test('a file that is gone is an error of the host', async () => {
  await expect(digestFiles([join('/nonexistent', 'x')])).rejects.toBeInstanceOf(HostError);
});
