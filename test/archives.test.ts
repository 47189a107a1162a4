import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { compress, sha256, tar, vma } from './archives.ts';
import { writeHaltingDisk } from './boot-sector.ts';
import { type World, makeWorld, readEventLog, readSummary, startCli, untilNothingIsLeft } from './cli.ts';
import { bareContract } from './contract.ts';
import { stubEnvironment } from './stub-qemu/environment.ts';

/** A world with a directory of images, each what its name says. */
async function worldWith(
  files: Record<string, Buffer>,
): Promise<{ world: World; args: string[]; directory: string }> {
  const world = await makeWorld({ ownCache: true });
  const directory = join(world.path, 'release');
  await mkdir(directory);
  for (const [name, content] of Object.entries(files)) await writeFile(join(directory, name), content);
  const contract = join(world.path, 'contract.json');
  await writeFile(contract, JSON.stringify(bareContract()));
  return { world, directory, args: ['--accel', 'tcg', '--contract', contract, '--images', directory] };
}

const scratch = await makeWorld({ ownCache: true });
const raw = join(scratch.path, 'disk.raw');
await writeHaltingDisk(raw);
const disk = await readFile(raw);
await scratch[Symbol.asyncDispose]();

const google = await tar([{ name: 'disk.raw', data: disk }]);
const release = {
  'a.img.gz': compress.gzip(disk),
  'google.raw.tar.gz': compress.gzip(google),
  'vzdump-qemu-a.vma.zst': compress.zstd(vma({ disk })),
};
const ids = ['google-compute.x86_64.bios.disk', 'proxmox.x86_64.bios.disk', 'raw.x86_64.bios.disk'];
const env = stubEnvironment('powers-off');

const openedEntries = (world: World): Promise<string[]> =>
  readdir(join(world.path, 'cache/boot-matrix/opened')).catch(() => []);

test('listing opens nothing', async () => {
  const { world, args } = await worldWith(release);
  await using _ = world;
  const { stdout, stderr, exitCode } = await startCli(world, ['--list', ...args], { env });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(String(stdout).split('\n')).toEqual(ids);
  expect(await openedEntries(world)).toEqual([]);
});

test('archives are opened for a run, told as they are, and kept: the digest is that of what ships', async () => {
  const { world, args, directory } = await worldWith(release);
  await using _ = world;
  const first = await startCli(world, args, { env });
  // The guest powers itself off: it was booted.
  expect(first.exitCode, String(first.stderr)).toBe(1);
  const { cells, digests } = await readSummary(world);
  expect(cells.map(({ id, reason }) => [id, reason])).toEqual(
    ids.map((id) => [id, expect.stringContaining('powered itself off')]),
  );
  expect(digests.map(({ path, before, after }) => [path, before, after])).toEqual(
    Object.entries(release).map(([name, bytes]) => [join(directory, name), sha256(bytes), sha256(bytes)]),
  );
  const opened = async (): Promise<unknown[]> =>
    (await readEventLog(world)).flatMap((event) => (event.type === 'archive-opened' ? [event.cached] : []));
  expect(await opened()).toEqual([false, false, false]);
  expect(String(first.stdout)).toMatch(
    /^OPEN google\.raw\.tar\.gz \d+ %\nOPENED google\.raw\.tar\.gz [\d.]+ s$/m,
  );
  expect(await openedEntries(world)).toHaveLength(3);
  for (const entry of await openedEntries(world)) {
    // Nobody uses them any more, and nobody wrote to them.
    const files = await readdir(join(world.path, 'cache/boot-matrix/opened', entry));
    expect(files.sort()).toEqual(['contents.json', 'disk']);
    expect(sha256(await readFile(join(world.path, 'cache/boot-matrix/opened', entry, 'disk')))).toBe(
      sha256(disk),
    );
  }
  await untilNothingIsLeft(world);

  const second = await startCli(world, args, { env });
  expect(second.exitCode).toBe(1);
  expect(await opened()).toEqual([true, true, true]);
  expect(String(second.stdout)).toContain('OPENED a.img.gz from the cache');
});

test('an archive that turns out bad is bad input, and the others are booted all the same', async () => {
  const more = Buffer.alloc(17 << 20, 'noise');
  const { world, args } = await worldWith({
    'a.img': disk,
    'b.img.gz': Buffer.concat([compress.gzip(Buffer.concat([disk, more])), Buffer.from('more')]),
    'c.raw.tar.gz': compress.gzip(Buffer.concat([google, Buffer.from('x'.repeat(512))])),
  });
  await using _ = world;
  const { exitCode, stderr, stdout } = await startCli(world, ['--retries', '0', ...args], {
    env: stubEnvironment('boots'),
  });
  expect(stderr).toBe('');
  expect(exitCode, String(stdout)).toBe(2);
  const { cells } = await readSummary(world);
  expect(
    cells.map(({ id, verdict, code, reason }) => [id, verdict, code, reason.replace(/^\S*\//, '')]),
  ).toEqual([
    [
      'google-compute.x86_64.bios.disk',
      'error',
      'image-damaged',
      expect.stringMatching(/^c\.raw\.tar\.gz: expected a tar archive that ends with zeros/),
    ],
    ['raw.x86_64.bios.disk.a-img', 'passed', null, ''],
    [
      'raw.x86_64.bios.disk.b-img-gz',
      'error',
      'image-damaged',
      expect.stringMatching(/^b\.img\.gz: expected a whole gzip-compressed file/),
    ],
  ]);
  expect(String(stdout)).toMatch(/^REFUSED b\.img\.gz {2}\S+b\.img\.gz: expected a whole gzip/m);
  expect(await openedEntries(world)).toEqual([]);
  await untilNothingIsLeft(world);
});

test('a bomb of the size that is refused in earnest', { timeout: 120_000 }, async () => {
  const zeros = gzipSync(Buffer.alloc(64 << 20));
  // 3 GiB of zeros, in some megabytes.
  const bomb = Buffer.concat([compress.gzip(disk), ...Array.from({ length: 48 }, () => zeros)]);
  const { world, args } = await worldWith({ 'bomb.img.gz': bomb });
  await using _ = world;
  const { exitCode, stdout } = await startCli(world, args, { env });
  expect(exitCode, String(stdout)).toBe(2);
  expect((await readSummary(world)).cells[0]?.reason).toMatch(
    /an archive of its size that holds a disk, got more than 2147483648 bytes/,
  );
  expect(await openedEntries(world)).toEqual([]);
});

test('what an interrupt leaves of an opening is nothing', { timeout: 60_000 }, async () => {
  const large = Buffer.concat([disk, ...Array.from({ length: 24 }, () => Buffer.alloc(64 << 20, 'noise'))]);
  const { world, args } = await worldWith({ 'a.img.gz': gzipSync(large, { level: 1 }) });
  await using _ = world;
  const run = startCli(world, args, { env });
  run.stdout?.on('data', (text: Buffer) => {
    if (String(text).includes('OPEN a.img.gz')) run.kill('SIGINT');
  });
  const { exitCode } = await run;
  expect(exitCode).toBe(130);
  expect(await openedEntries(world)).toEqual([]);
  await untilNothingIsLeft(world);
});
