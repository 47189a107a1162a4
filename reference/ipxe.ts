import { copyFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { HostError } from '../harness/errors.ts';
import { runStep } from './command.ts';
import { findMirror } from './mirror.ts';
import { keyring } from './paths.ts';

/** The first Debian whose package `ipxe` has a build for arm64; Debian 12 and 13 have none. */
const release = 'forky';

/** What is taken out of the package. */
const program = 'usr/lib/ipxe/ipxe-arm64.efi';

/**
 * The mirror that iPXE can be brought from.
 * @throws HostError `ipxe-no-mirror`
 */
export async function ipxeMirror(): Promise<string> {
  const mirror = await findMirror();
  if (mirror !== undefined) return mirror;
  throw new HostError('ipxe-no-mirror', 'apt on this machine names no Debian mirror');
}

/**
 * Puts the iPXE for aarch64 of Debian 14 at `target`: apt downloads and verifies the package with lists of its own, and
 * nothing is installed. Some 15 MB are downloaded.
 * @throws HostError `ipxe-no-mirror`; `reference-step` with the failed command
 */
export async function bringIpxe(target: string, signal?: AbortSignal): Promise<void> {
  const mirror = await ipxeMirror();
  const work = await mkdtemp(join(tmpdir(), 'boot-matrix-ipxe-'));
  try {
    await downloadPackage(mirror, work, signal);
    const unpack = 'cd "$0" && dpkg-deb --fsys-tarfile ipxe_*.deb | tar -x "./$1"';
    await runStep('sh', ['-euc', unpack, work, program], { signal });
    await mkdir(dirname(target), { recursive: true });
    // Put there at once: another run may be looking for it.
    const beside = `${target}.${process.pid}`;
    await copyFile(join(work, program), beside);
    await rename(beside, target);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Leaves `ipxe_*.deb` in `work`. */
async function downloadPackage(mirror: string, work: string, signal?: AbortSignal): Promise<void> {
  const lists = join(work, 'lists');
  const cache = join(work, 'cache');
  const sources = join(work, 'sources.list');
  for (const directory of [lists, join(cache, 'archives')])
    await mkdir(join(directory, 'partial'), { recursive: true });
  await writeFile(sources, `deb [signed-by=${keyring}] ${mirror} ${release} main\n`);
  const settings = {
    'Dir::Etc::SourceList': sources,
    'Dir::Etc::SourceParts': '/dev/null',
    'Dir::Etc::Preferences': '/dev/null',
    'Dir::Etc::PreferencesParts': '/dev/null',
    'Dir::State::Lists': lists,
    'Dir::Cache': cache,
    'Acquire::Languages': 'none',
    // A mirror that is not renewed every week has the package, too, and signed.
    'Acquire::Check-Valid-Until': 'false',
    // Our directory is nobody else's.
    'APT::Sandbox::User': 'root',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const inWork = ['-c', 'cd "$0" && exec apt-get "$@"', work, '-qq', ...options];
  await runStep('sh', [...inWork, 'update', '--error-on=any'], { signal });
  await runStep('sh', [...inWork, 'download', 'ipxe'], { signal });
}
