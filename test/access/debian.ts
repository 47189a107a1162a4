import { join } from 'node:path';
import { execa } from 'execa';
import { cacheDirectory } from '../../harness/cache-directory.ts';
import { aptProxies, mirrorState } from '../../reference/mirror.ts';
import { pathExcludes } from '../../reference/packages.ts';

/**
 * Packs what Debian packages hold, and all that they depend on, into an archive; nothing of it is installed.
 * @param archive tar, compressed as its name says.
 */
export async function packDebian(
  release: string,
  packages: readonly string[],
  archive: string,
): Promise<void> {
  const { mirror } = await mirrorState(join(cacheDirectory(), 'reference', 'mirror.json'), {
    onProgress: (line) => console.log(line),
  });
  await execa('mmdebstrap', [
    '--variant=extract',
    '--architectures=amd64',
    `--include=${packages.join(',')}`,
    '--aptopt=APT::Install-Recommends "false"',
    // Signed it is all the same; a mirror that is a snapshot is older than a testing release may be.
    '--aptopt=Acquire::Check-Valid-Until "false"',
    ...(await aptProxies()).map((option) => `--aptopt=${option}`),
    ...pathExcludes.map((path) => `--dpkgopt=path-exclude=${path}`),
    release,
    archive,
    `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror} ${release} main`,
  ]);
}
