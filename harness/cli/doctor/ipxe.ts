import { ipxeMirror } from '../../../reference/ipxe.ts';
import { BootMatrixError } from '../../errors.ts';
import { ipxeForAarch64, ipxeForAarch64Remedy } from '../../machine/network/ipxe.ts';
import { type Finding, good } from './finding.ts';

/** What was looked at, as the formats that need it name it. */
export const ipxeTopic = 'iPXE for aarch64';

/** Whether aarch64 machines start from the network here; x86_64 ones have iPXE in QEMU's network card. */
export async function ipxe(): Promise<Finding> {
  const topic = ipxeTopic;
  try {
    const path = await ipxeForAarch64();
    if (path !== undefined) return good(topic, path);
    await ipxeMirror();
    return { topic, state: 'limited', found: 'not there; a run that needs it brings it from Debian 14' };
  } catch (error) {
    if (!(error instanceof BootMatrixError)) throw error;
    return {
      topic,
      state: 'limited',
      found: `not there, so aarch64 starts from no network: ${error.message}; to have one, ${ipxeForAarch64Remedy}`,
      remedy: {
        fedora: 'sudo dnf install ipxe-bootimgs-aarch64',
        nixos:
          'export BOOT_MATRIX_IPXE_AARCH64=$(nix build --no-link --print-out-paths nixpkgs#pkgsCross.aarch64-multiplatform.ipxe)/snp.efi',
      },
    };
  }
}
