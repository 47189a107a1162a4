import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { dir } from 'tmp-promise';
import { expect, test } from 'vitest';
import { childrenMemory, freeMemory } from './free-memory.ts';

const MiB = 2 ** 20;
const free = 20_000 * MiB;

/** What is free by control groups whose files are these. */
async function freeBy(membership: string, files: Record<string, string>) {
  const { path, cleanup } = await dir({ prefix: 'bmt', unsafeCleanup: true });
  try {
    const mount = join(path, 'cgroup');
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(mount, name)), { recursive: true });
      await writeFile(join(mount, name), `${text}\n`);
    }
    await writeFile(join(path, 'membership'), membership);
    return freeMemory({ membership: join(path, 'membership'), mount }, free);
  } finally {
    await cleanup();
  }
}

const v2 = (directory: string, max: number | 'max', current: number, cache = 0, high = 'max') => ({
  [`${directory}/memory.max`]: String(max === 'max' ? max : max * MiB),
  [`${directory}/memory.high`]: high,
  [`${directory}/memory.current`]: String(current * MiB),
  [`${directory}/memory.stat`]: `anon 1\ninactive_file ${(cache - 1) * MiB}\nactive_file ${MiB}\nfile 3`,
});
const v1 = (directory: string, limit: number | 'none', usage: number, cache = 0) => ({
  [`memory/${directory}/memory.limit_in_bytes`]: String(
    limit === 'none' ? 9223372036854771712n : limit * MiB,
  ),
  [`memory/${directory}/memory.usage_in_bytes`]: String(usage * MiB),
  [`memory/${directory}/memory.stat`]: `cache 7\ntotal_inactive_file ${cache * MiB}\ntotal_active_file 0`,
});

test.each([
  ['no group', '', {}, free, undefined],
  ['no limit', '0::/a', v2('a', 'max', 500, 1), free, undefined],
  ['a limit', '0::/a', v2('a', 1200, 300, 1), 901 * MiB, 1200 * MiB],
  ['what was read of disks', '0::/a', v2('a', 1200, 1190, 1000), 1010 * MiB, 1200 * MiB],
  ['a full one', '0::/a', v2('a', 1200, 1300, 1), 0, 1200 * MiB],
  ['a throttle below the limit', '0::/a', v2('a', 1200, 300, 1, String(800 * MiB)), 501 * MiB, 800 * MiB],
  [
    'a limit further up',
    '0::/a/b/c',
    { ...v2('a', 1000, 700, 1), ...v2('a/b', 'max', 600, 1), ...v2('a/b/c', 5000, 10, 1) },
    301 * MiB,
    1000 * MiB,
  ],
  ['more than the host has', '0::/a', v2('a', 90_000, 300, 1), free, undefined],
  [
    'the group of a container, by its path on the host',
    '0::/docker/1234',
    v2('.', 1200, 300, 1),
    901 * MiB,
    1200 * MiB,
  ],
  ['a group outside of the namespace', '0::/../x', v2('.', 1200, 300, 1), 901 * MiB, 1200 * MiB],
  ['version 1', '3:cpu,cpuacct:/z\n4:memory:/a\n0::/', v1('a', 1200, 400, 100), 900 * MiB, 1200 * MiB],
  [
    'version 1 without a limit',
    '4:memory:/a\n0::/',
    { ...v1('a', 'none', 400), ...v1('.', 'none', 9000) },
    free,
    undefined,
  ],
  [
    'both versions',
    '4:memory:/a\n0::/b',
    { ...v1('a', 1200, 400, 100), ...v2('b', 700, 100, 1) },
    601 * MiB,
    700 * MiB,
  ],
] as const)('%s', async (_, membership, files, bytes, limit) => {
  expect(await freeBy(membership, files)).toEqual({ bytes, ...(limit === undefined ? {} : { limit }) });
});

test('what the processes hold that were started here is known', async () => {
  const before = childrenMemory();
  const child = spawn(process.execPath, [
    '-e',
    'const kept = Buffer.alloc(200 * 2 ** 20, 1); console.log(kept.length); setInterval(() => kept, 1000)',
  ]);
  await once(child.stdout, 'data');
  expect(childrenMemory() - before).toBeGreaterThan(200 * MiB);
  child.kill();
  await once(child, 'exit');
  expect(childrenMemory() - before).toBeLessThan(100 * MiB);
});
