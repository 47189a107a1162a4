import { BootMatrixError } from '../../errors.ts';
import { broughtIpxe, ipxeForAarch64, ipxeForAarch64Remedy } from '../../machine/network/ipxe.ts';
import { type AnyCell, isReleaseCell } from '../../matrix/cell.ts';

interface Options {
  /** Brings one where this host has none; else it is only looked whether that could be tried. */
  bring: boolean;
  tell: (line: string) => void;
  signal: AbortSignal;
}

/** Nothing but an iPXE that is loaded from the network runs its script. */
const needsIpxe = (cell: AnyCell): boolean =>
  !isReleaseCell(cell) && cell.arch === 'aarch64' && cell.medium === 'pxe' && cell.skip === undefined;

/**
 * Sees to the iPXE that aarch64 starts from the network with: Debian 12 and 13 have none, so it is brought from Debian
 * 14. Where that fails the cells that need it are skipped, with the reason.
 * @throws UsageError `ipxe-not-there`
 */
export async function withIpxe(
  cells: readonly AnyCell[],
  { bring, tell, signal }: Options,
): Promise<AnyCell[]> {
  if (!cells.some(needsIpxe) || (await ipxeForAarch64()) !== undefined) return [...cells];
  const why = await whyNone(bring, tell, signal);
  if (why === undefined) return [...cells];
  const skip = `this host has no iPXE for aarch64, and none can be brought from Debian 14: ${why}; to have one, ${ipxeForAarch64Remedy}`;
  return cells.map((cell) => (needsIpxe(cell) ? { ...cell, skip } : cell));
}

/** Undefined where there is one now, or may be once it is brought. */
async function whyNone(
  bring: boolean,
  tell: (line: string) => void,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { bringIpxe, ipxeMirror } = await import('../../../reference/ipxe.ts');
  try {
    if (!bring) {
      await ipxeMirror();
      return undefined;
    }
    tell('Bringing iPXE for aarch64 from Debian 14; it is kept, and nothing is installed');
    await bringIpxe(broughtIpxe(), signal);
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof BootMatrixError)) throw error;
    return error.message;
  }
}
