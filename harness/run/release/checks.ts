import { checkDigests } from '../../images/release/digests.ts';
import { checkIpxe } from '../../images/release/ipxe.ts';
import { checkLoaders } from '../../images/release/loaders.ts';
import { checkNames } from '../../images/release/names.ts';
import type { Release, ReleaseFinding } from '../../images/release/release.ts';
import { checkSizes } from '../../images/release/sizes.ts';
import type { ReleaseCheckName, ReleaseWishes } from '../../release-checks.ts';
import type { Digests } from '../digests.ts';

interface Tools {
  wishes: ReleaseWishes;
  digests: Digests;
}

interface ReleaseCheck {
  name: ReleaseCheckName;
  run: (release: Release, tools: Tools) => Promise<ReleaseFinding>;
}

/** The checks of what a release is published with, in the order in which they run. */
export const releaseChecks: readonly ReleaseCheck[] = [
  {
    name: 'digests',
    run: (release, { digests }) =>
      checkDigests(release, async (path) => {
        const [digest] = await digests.beforeFiles([path]);
        return digest?.sha256 ?? '';
      }),
  },
  { name: 'file-names', run: async (release) => checkNames(release) },
  { name: 'ipxe-script', run: (release, { wishes }) => checkIpxe(release, wishes.tag) },
  { name: 'fallback-loader', run: checkLoaders },
  { name: 'file-sizes', run: (release, { wishes }) => checkSizes(release, wishes.sizes ?? {}) },
];
