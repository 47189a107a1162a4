import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cpuModel } from '../../harness/machine/board/hardware.ts';
import { formatPaths } from '../../reference/formats.ts';
import { cpio } from '../defects/make/cpio.ts';
import { type Boot, bootLog } from './qemu.ts';
import type { Place } from './recording.ts';

export interface DirectBoot extends Pick<Boot, 'until' | 'pause'> {
  /** The shell script that runs as /init, without its first line; absent: there is no initrd. */
  init?: string;
  /** Takes the initrd's place. */
  initrd?: Buffer | ((place: Place) => Promise<Buffer>);
  kernel?: (content: Buffer) => Buffer;
  /** Added to `console=ttyS0`. */
  options?: string;
  /** Added to QEMU's command line. */
  args?: readonly string[];
  memoryMiB?: number;
}

const interpreter = '#!/bin/busybox sh\n';

/** What a script wants that looks at its kernel. */
const prelude = `export PATH=/bin
/bin/busybox mkdir -p /dev /proc /sys /tmp
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
`;

/** An initrd with Debian's static busybox and a script as /init. */
export async function busyboxInitrd(init: string, firstLine = interpreter): Promise<Buffer> {
  return cpio([
    { path: 'bin', directory: true },
    { path: 'bin/busybox', content: await readFile('/bin/busybox'), executable: true },
    { path: 'init', content: Buffer.from(firstLine + prelude + init), executable: true },
  ]);
}

/** Boots the reference images' kernel with QEMU as its bootloader: seconds instead of a minute. */
export const direct =
  ({ init, initrd, kernel, options = '', args = [], memoryMiB = 256, ...boot }: DirectBoot) =>
  async (place: Place): Promise<Buffer> => {
    const bzImage = join(place.scratch, 'bzImage');
    const content = await readFile(join(place.reference, formatPaths.netboot, 'bzImage'));
    await writeFile(bzImage, kernel === undefined ? content : kernel(content));
    const ramdisk = typeof initrd === 'function' ? await initrd(place) : initrd;
    const archive = ramdisk ?? (init === undefined ? undefined : await busyboxInitrd(init));
    const path = join(place.scratch, 'initrd');
    if (archive !== undefined) await writeFile(path, archive);
    return bootLog({
      args: [
        '-m',
        `${memoryMiB}M`,
        '-cpu',
        cpuModel('x86_64', 'tcg'),
        '-nic',
        'none',
        '-kernel',
        bzImage,
        ...(archive === undefined ? [] : ['-initrd', path]),
        '-append',
        `console=ttyS0 ${options}`.trim(),
        ...args,
      ],
      ...boot,
    });
  };
