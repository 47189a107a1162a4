import type { Arch, BootPaths, Image } from '../images/image.ts';
import type { Cell, Firmware, Medium } from './cell.ts';
import { formatOf } from './formats.ts';
import { labelsOf } from './labels.ts';

interface MachineKind {
  arch: Arch;
  firmware: Firmware;
}

/**
 * Crosses images with the machines that their formats call for and their bytes offer a way to start on. Ids are
 * unique, in byte order; where images share one, they get a label out of their path, all but one with nothing to add.
 */
export function planCells(images: readonly Image[]): Cell[] {
  const cells = images.flatMap((image) => cellsOf(image));
  const sameId = Map.groupBy(cells, ({ id }) => id);
  for (const group of sameId.values()) {
    if (group.length === 1) continue;
    const labels = labelsOf(group.map(({ image }) => distinctivePath(image)));
    for (const [index, cell] of group.entries()) {
      const label = labels[index];
      if (label === undefined || label === '') continue;
      cell.label = label;
      cell.id += `.${label}`;
    }
  }
  return cells.sort(byId);
}

/** Byte order: ids are of plain letters. */
export const byId = (a: Pick<Cell, 'id'>, b: Pick<Cell, 'id'>): number => (a.id < b.id ? -1 : 1);

function cellsOf(image: Image): Cell[] {
  const { name, media, diskBus, memoryMiB, diskMiB, ladder, guestAgent, externalKernel, blankDiskMiB } =
    formatOf(image);
  return media.flatMap((medium) =>
    machinesFor(image, medium).map(({ arch, firmware }) => {
      const id = `${name}.${arch}.${firmware}.${medium}`;
      const cell: Cell = {
        id,
        format: name,
        arch,
        firmware,
        medium,
        diskBus,
        memoryMiB: memoryMiB(image),
        diskMiB,
        image,
      };
      // U-Boot reads what a PC's firmware does not.
      if (externalKernel !== undefined && firmware === 'bios') cell.externalKernel = externalKernel;
      if (blankDiskMiB !== undefined) cell.blankDiskMiB = blankDiskMiB;
      if (ladder !== undefined) cell.ladder = ladder;
      if (guestAgent !== undefined) cell.guestAgent = guestAgent;
      return cell;
    }),
  );
}

function machinesFor(image: Image, medium: Medium): MachineKind[] {
  if (image.kind === 'disk' && image.kernelNamedBy !== undefined) {
    return [{ arch: image.arch, firmware: image.arch === 'aarch64' ? 'u-boot' : 'bios' }];
  }
  const { bios, uefi } = bootPaths(image, medium);
  return [
    ...(bios ? [{ arch: 'x86_64', firmware: 'bios' } as const] : []),
    ...uefi.map((arch) => ({ arch, firmware: 'uefi' }) as const),
  ];
}

function bootPaths(image: Image, medium: Medium): BootPaths {
  if (image.kind === 'disk') return image.boots;
  if (image.kind === 'iso') return medium === 'usb' ? image.usb : image.cdrom;
  return { bios: image.arch === 'x86_64', uefi: [image.arch] };
}

/** Several netboot sets may share a directory; the script tells them apart. */
const distinctivePath = (image: Image): string => (image.kind === 'netboot' ? image.script : image.path);
