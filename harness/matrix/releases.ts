import { hasAddresses } from '../images/release/ipxe.ts';
import { isOpenEfiDisk } from '../images/release/loaders.ts';
import { hasClaims } from '../images/release/names.ts';
import type { Release } from '../images/release/release.ts';
import { type ReleaseCheckName, releaseCheckNames, type ReleaseWishes } from '../release-checks.ts';
import { releaseFiles, type ReleaseCell } from './cell.ts';
import { labelsOf } from './labels.ts';

/**
 * A cell for each release that was published with something that can be wrong: a list of digests, a name that promises an
 * architecture or a version, a script with addresses, or what is wished for.
 * @param only the names of the only checks that are run. @default all
 */
export async function planReleases(
  releases: readonly Release[],
  wishes: ReleaseWishes,
  only?: readonly string[],
): Promise<ReleaseCell[]> {
  const cells: ReleaseCell[] = [];
  for (const release of releases) {
    const checks = await checksFor(release, wishes);
    const asked = checks.filter((name) => only === undefined || only.includes(name));
    if (checks.length === 0) continue;
    const skip = asked.length === 0 ? 'none of its checks was asked for' : undefined;
    cells.push({
      id: releaseFiles,
      format: releaseFiles,
      release,
      checks: asked,
      memoryMiB: 0,
      diskMiB: 0,
      ...(skip === undefined ? {} : { skip }),
    });
  }
  if (cells.length < 2) return cells;
  const labels = labelsOf(cells.map(({ release }) => release.directory));
  for (const [index, cell] of cells.entries()) {
    const label = labels[index] ?? '';
    if (label === '') continue;
    cell.label = label;
    cell.id += `.${label}`;
  }
  return cells;
}

async function checksFor(release: Release, wishes: ReleaseWishes): Promise<ReleaseCheckName[]> {
  const { images, lists } = release;
  const isReleased: Partial<Record<ReleaseCheckName, boolean>> = {
    digests: lists.length > 0,
    'file-names': hasClaims(release),
    'ipxe-script': await hasAddresses(release),
    'file-sizes': wishes.sizes !== undefined,
  };
  if (!Object.values(isReleased).includes(true)) return [];
  const applies: typeof isReleased = {
    ...isReleased,
    'file-names': true,
    'fallback-loader': images.some(isOpenEfiDisk),
  };
  return releaseCheckNames.filter((name) => applies[name] === true);
}
