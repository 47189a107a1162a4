import type { Transcript } from '../../console/serial/transcript.ts';
import { HostError } from '../../errors.ts';
import type { Watch } from './watch.ts';

/** What EDK2's PXE and HTTP boot clients say first (NetworkPkg, UefiPxeBcDxe and HttpBootDxe). */
const start = />>Start (?:PXE|HTTP Boot) over IPv[46]/;

/** The code of the error by which such a machine ends. */
const code = 'ipxe-not-run';

/**
 * Ends a machine whose firmware uses its own client in place of the iPXE in QEMU's NIC: that client cannot run an iPXE
 * script, which is the host's affair and says nothing of the image. Seen with Debian 13's ovmf and ipxe-qemu.
 */
export function watchForOwnPxeClient(transcript: Transcript, watch: Watch): void {
  transcript.waitFor(start, { signal: watch.signal }).then(
    () =>
      watch.fail(
        new HostError(
          code,
          "the UEFI firmware started its own network boot instead of the iPXE in QEMU's network card",
        ),
      ),
    // The cell ended without it.
    () => {},
  );
}

/** Whether a machine ended since its firmware needs an iPXE that comes from the network. */
export const usesOwnPxeClient = (error: unknown): boolean =>
  error instanceof HostError && error.code === code;
