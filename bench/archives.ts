import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { dir } from 'tmp-promise';
import type { Archive } from '../harness/images/image.ts';
import { buildReferenceImages } from '../reference/build.ts';
import { wrapReferenceImages } from '../reference/wrap.ts';
import { median, type Result } from './result.ts';

/** Each kind of archive, and what people open it with; `$1` is the archive, and the current directory takes what is inside. */
const kinds: Record<string, { archive: Archive; usual?: string }> = {
  'raw-gz': { archive: { kind: 'compressed', compression: 'gzip' }, usual: 'gzip -dc "$1" > disk' },
  'raw-xz': { archive: { kind: 'compressed', compression: 'xz' }, usual: 'xz -dc "$1" > disk' },
  'raw-efi-zst': { archive: { kind: 'compressed', compression: 'zstd' }, usual: 'zstd -qdc "$1" > disk' },
  'google-compute': {
    archive: { kind: 'google-compute', compression: 'gzip' },
    usual: 'tar -xSzf "$1"',
  },
  virtualbox: { archive: { kind: 'ova' }, usual: 'tar -xf "$1"; sha256sum *.vmdk > digest' },
  // Nothing in Debian opens one.
  proxmox: { archive: { kind: 'vma', compression: 'zstd' } },
};
const rounds = 3;

/** Wall time of opening each kind of archive over that of the usual tool, one after the other, and the memory of it. */
export async function archives(): Promise<Result[]> {
  const onProgress = (line: string): void => void process.stderr.write(`${line}\n`);
  const { directory } = await buildReferenceImages({ onProgress });
  const wrapped = await wrapReferenceImages(directory, { onProgress });
  const results: Result[] = [];
  for (const [name, { archive, usual }] of Object.entries(kinds)) {
    const path = wrapped.find((one) => one.name === name)?.path ?? '';
    const times = [];
    const ratios = [];
    const memory = [];
    for (let round = 0; round < rounds; round++) {
      const ours = await inScratch((scratch) => openInProcess(path, archive, scratch));
      times.push(ours.seconds);
      memory.push(ours.memoryMiB);
      if (usual === undefined) continue;
      ratios.push(
        ours.seconds /
          (await inScratch((cwd) => timed(() => execa('sh', ['-euc', usual, 'sh', path], { cwd })))),
      );
    }
    const of = `${basename(path)}, ${rounds} times: ${times.map((time) => time.toFixed(1)).join(' ')} s`;
    if (ratios.length > 0)
      results.push({ name: `opening ${name} over its usual tool`, value: median(ratios), goal: 1.1, of });
    results.push({ name: `memory to open ${name}`, value: median(memory), unit: 'MiB', goal: 150, of });
  }
  return results;
}

/** Opens it in a process of its own, which is as large as the opening makes it. */
async function openInProcess(path: string, archive: Archive, scratch: string) {
  const module = join(import.meta.dirname, '../harness/images/archives/open.ts');
  const script = `const { openArchive } = await import(process.argv[1]);
    const began = performance.now();
    await openArchive(process.argv[2], JSON.parse(process.argv[3]), process.argv[4]);
    const seconds = (performance.now() - began) / 1000;
    console.log(JSON.stringify({ seconds, memoryMiB: process.resourceUsage().maxRSS / 1024 }));`;
  const { stdout } = await execa(process.execPath, [
    '--optimize-for-size',
    '--input-type=module',
    '--eval',
    script,
    module,
    path,
    JSON.stringify(archive),
    scratch,
  ]);
  return JSON.parse(stdout) as { seconds: number; memoryMiB: number };
}

async function inScratch<T>(use: (path: string) => Promise<T>): Promise<T> {
  const { path } = await dir();
  try {
    return await use(path);
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}
