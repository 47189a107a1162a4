import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { runStep } from '../../../reference/command.ts';
import { formatPaths, rootAtMiB } from '../../../reference/formats.ts';
import { type EspEdit, editEsp } from './esp.ts';
import { type Ext4Edit, editExt4 } from './ext4.ts';
import type { Make } from './make.ts';

const mib = 1 << 20;
/** Where the reference disks have their EFI system partition, in bytes. */
const espOffset = mib;

/** The root file system of a raw copy of `qemu`, as e2fsprogs want it. */
export const rootOf = (disk: string): string => `${disk}?offset=${rootAtMiB.qemu * mib}`;

export interface DiskEdits {
  root?: readonly Ext4Edit[];
  esp?: readonly EspEdit[];
  /** Bytes that are written over the disk, last. */
  bytes?: readonly { at: number; data: Buffer }[];
}

/** A broken copy of a reference disk, a qcow2 like its source. */
export const disk =
  (format: keyof typeof rootAtMiB, { root = [], esp = [], bytes = [] }: DiskEdits): Make =>
  async (reference, scratch) => {
    const raw = join(scratch, 'disk.raw');
    const image = join(scratch, 'nixos.qcow2');
    await runStep('qemu-img', [
      'convert',
      '-f',
      'qcow2',
      '-O',
      'raw',
      join(reference, formatPaths[format]),
      raw,
    ]);
    if (root.length > 0) await editExt4(raw, rootAtMiB[format] * mib, root, scratch);
    await editEsp(raw, espOffset, esp, scratch);
    await overwrite(raw, bytes);
    await runStep('qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', raw, image]);
    return image;
  };

/** A broken copy of a reference disk, and what breaks it: only its root file system. */
export const rootOnly = (
  format: keyof typeof rootAtMiB,
  root: readonly Ext4Edit[],
): { make: Make; root: readonly Ext4Edit[] } => ({ make: disk(format, { root }), root });

/** Writes over parts of a file, in place. */
export async function overwrite(
  path: string,
  patches: readonly { at: number; data: Buffer }[],
): Promise<void> {
  const file = await open(path, 'r+');
  try {
    for (const { at, data } of patches) await file.write(data, 0, data.length, at);
  } finally {
    await file.close();
  }
}
