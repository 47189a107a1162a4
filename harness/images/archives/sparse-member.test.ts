import { expect, test } from 'vitest';
import { identityOf, type MemberHeader, piecesOf } from './sparse-member.ts';

const sparse = (realsize: string): MemberHeader => ({
  name: 'GNUSparseFile.0/disk.raw',
  size: 1024,
  pax: {
    'GNU.sparse.major': '1',
    'GNU.sparse.minor': '0',
    'GNU.sparse.name': 'disk.raw',
    'GNU.sparse.realsize': realsize,
  },
});

/** A map, filled up to a block. */
const mapped = (...numbers: number[]): Buffer => {
  const text = numbers.map((number) => `${number}\n`).join('');
  return Buffer.from(text.padEnd(Math.ceil(text.length / 512) * 512, '\0'));
};

/** What comes of data in chunks of this size, `at:text`. */
async function pieces(data: Buffer, header = sparse('1000'), chunk = 7): Promise<string[]> {
  const chunks = async function* (): AsyncGenerator<Buffer> {
    for (let at = 0; at < data.length; at += chunk) yield data.subarray(at, at + chunk);
  };
  const found: string[] = [];
  for await (const { at, bytes } of piecesOf(header, chunks())) found.push(`${at}:${bytes.toString()}`);
  return found;
}

test('what it is called and how large it is, with its holes', () => {
  expect(identityOf(sparse('1000'))).toEqual({ name: 'disk.raw', size: 1000 });
  expect(identityOf({ name: 'a', size: 3 })).toEqual({ name: 'a', size: 3 });
  expect(() => identityOf(sparse('-1'))).toThrow('without a size');
});

test.each([1, 7, 512, 4096])('stretches stand where they belong, in chunks of %i', async (chunk) => {
  const found = await pieces(
    Buffer.concat([mapped(3, 10, 3, 500, 5, 1000, 0), Buffer.from('abcdefgh')]),
    sparse('1000'),
    chunk,
  );
  const whole = Buffer.alloc(520, '.');
  for (const piece of found) {
    const [at, text = ''] = piece.split(':');
    whole.write(text, Number(at));
  }
  expect(whole.toString().replaceAll(/\.+/g, '.')).toBe('.abc.defgh.');
  expect(whole.indexOf('abc')).toBe(10);
  expect(whole.indexOf('defgh')).toBe(500);
});

test('a plain file is what it is', async () => {
  expect(await pieces(Buffer.from('abcdefghij'), { name: 'a', size: 10 })).toEqual(['0:abcdefg', '7:hij']);
});

test('a plain file that ends early', async () => {
  await expect(pieces(Buffer.from('abc'), { name: 'a', size: 10 })).rejects.toThrow('it is cut off');
});

test('nothing but holes', async () => {
  expect(await pieces(mapped(1, 1000, 0))).toEqual([]);
});

test.each([
  [Buffer.concat([mapped(1, 0, 5), Buffer.from('abc')]), 'it is cut off'],
  [Buffer.from('1\n0'), 'it is cut off'],
  [Buffer.concat([mapped(1, 0, 2), Buffer.from('abc')]), 'more bytes than its map has'],
  [mapped(1, 999, 2), 'bytes behind its end'],
  [Buffer.from('x\n'.padEnd(512)), 'other things than numbers'],
  [Buffer.from('-1\n'.padEnd(512)), 'other things than numbers'],
])('%o is refused', async (data, why) => {
  await expect(pieces(data)).rejects.toThrow(why);
});
