import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { directory } from '../../../test/images.ts';
import { thisProcess } from '../../owner.ts';
import { OpenedCache } from './cache.ts';

let root = '';
beforeEach(async () => {
  root = join(await directory(), 'opened');
});

const digest = (digit: string): string => digit.repeat(64);
const kib64 = Buffer.alloc(65_536, 'x');
/** Room for two entries and a half. */
const small = 160 * 1024;

const fill = async (entry: string): Promise<void> => writeFile(join(entry, 'disk'), kib64);
const names = async (): Promise<string[]> => (await readdir(root)).map((name) => name.slice(0, 3)).sort();

/** Opens and lets go; its use lies so many hours back. */
async function used(cache: OpenedCache, digit: string, hours: number): Promise<void> {
  const { release } = await cache.lease(digest(digit), fill);
  await release();
  const time = new Date(Date.now() - hours * 3_600_000);
  await utimes(join(root, digest(digit)), time, time);
}

test('an entry is made once, and found afterwards', async () => {
  const cache = new OpenedCache({ root });
  const first = await cache.lease(digest('a'), fill);
  const again = await cache.lease(digest('a'), () => Promise.reject(new Error('it is there')));
  expect([first.cached, again.cached]).toEqual([false, true]);
  expect(await readFile(join(again.directory, 'disk'))).toEqual(kib64);
  expect(await names()).toEqual(['aaa']);
});

test('the least recently used goes when room is needed', async () => {
  const cache = new OpenedCache({ root, most: small });
  await used(cache, 'a', 3);
  await used(cache, 'b', 1);
  await used(cache, 'c', 2);
  expect(await names()).toEqual(['bbb', 'ccc']);
  // Its use makes it the newest.
  await (await cache.lease(digest('c'), fill)).release();
  await used(cache, 'd', 0);
  expect(await names()).toEqual(['ccc', 'ddd']);
});

test('what is used stays, however old it is and little room there is', async () => {
  const cache = new OpenedCache({ root, most: 1 });
  const held = await cache.lease(digest('a'), fill);
  const time = new Date(0);
  await utimes(held.directory, time, time);
  await used(cache, 'b', 0);
  await used(cache, 'c', 0);
  expect(await names()).toEqual(['aaa', 'ccc']);
  await held.release();
  await used(cache, 'd', 0);
  expect(await names()).toEqual(['ddd']);
});

test('a claim of a process that is gone holds nothing', async () => {
  const cache = new OpenedCache({ root, most: 1 });
  await used(cache, 'a', 1);
  await writeFile(join(root, digest('a'), '.user-x'), JSON.stringify({ ...thisProcess(), started: '1' }));
  await used(cache, 'b', 0);
  expect(await names()).toEqual(['bbb']);
});

test('what cannot be made leaves nothing behind', async () => {
  const cache = new OpenedCache({ root });
  const failing = cache.lease(digest('a'), async (entry) => {
    await fill(entry);
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await names()).toEqual([]);
});

test('what a killed run left half made is swept, what another makes right now is not', async () => {
  const cache = new OpenedCache({ root });
  const old = new Date(Date.now() - 3_600_000);
  for (const [name, started] of [
    ['.opening-dead', '1'],
    ['.opening-live', thisProcess().started],
  ] as const) {
    await mkdir(join(root, name, 'entry'), { recursive: true });
    await writeFile(join(root, name, '.user-x'), JSON.stringify({ ...thisProcess(), started }));
    await utimes(join(root, name), old, old);
  }
  await used(cache, 'a', 0);
  expect((await readdir(root)).sort()).toEqual(['.opening-live', digest('a')]);
});

test('of two that make the same at once one entry is left, and both have it', async () => {
  const caches = [new OpenedCache({ root }), new OpenedCache({ root })];
  const both = Promise.withResolvers<void>();
  let making = 0;
  const leases = await Promise.all(
    caches.map((cache) =>
      cache.lease(digest('a'), async (entry) => {
        await fill(entry);
        making += 1;
        if (making === caches.length) both.resolve();
        await both.promise;
      }),
    ),
  );
  for (const lease of leases) expect(await readFile(join(lease.directory, 'disk'))).toEqual(kib64);
  expect(await names()).toEqual(['aaa']);
});
