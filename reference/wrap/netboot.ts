import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runStep } from '../command.ts';
import { rootAtMiB } from '../formats.ts';
import { recipeDirectory } from '../paths.ts';

/** The root of a live system is a squashfs; here that holds the root file system of a disk, as Fedora's live images do. */
const mounts = `/root.squashfs /run/live/image squashfs loop,ro 0 0
/run/live/image/root.ext4 /run/live/lower ext4 loop,ro 0 0`;

const scripts = {
  'netboot.ipxe': 'root=fstab console=tty0 console=ttyAMA0,115200',
  // The kernel learns of the serial port from the firmware (ACPI's SPCR), and systemd would start a getty there.
  'netboot-silent.ipxe': 'root=fstab systemd.getty_auto=no',
};

/**
 * Makes the directory `target` with what iPXE boots on aarch64: bzImage, an initrd with the whole system inside, and two
 * scripts, the silent one of which never names the serial port.
 * @param disk the reference disk `qemu-efi-aarch64`, which kernel, initrd and root file system are taken from
 * @param work a directory for what goes away afterwards
 */
export async function writeNetboot(
  disk: string,
  { work, target, signal }: { work: string; target: string; signal?: AbortSignal | undefined },
): Promise<void> {
  const script = `
    cd "$0"
    qemu-img convert -f qcow2 -O raw "$2" disk.raw
    dd if=disk.raw bs=1M skip="$3" count=2048 iflag=fullblock conv=sparse of=root.ext4 status=none
    rm disk.raw
    # debugfs fails with exit code 0.
    printf 'dump /boot/bzImage kernel\\ndump /boot/initrd initrd\\n' | debugfs -f - root.ext4 > /dev/null 2>&1
    [ -s kernel ] && [ -s initrd ]
    mksquashfs root.ext4 root.squashfs -comp zstd -Xcompression-level 3 -b 256K -no-progress -quiet -no-xattrs -all-root
    rm root.ext4
    cp -R "$4" tree
    sed -i '/^@SQUASHFS@/d' tree/etc/fstab
    printf '%s\\n' "$5" >> tree/etc/fstab
    mv root.squashfs tree
    mv kernel "$1/bzImage"
    # The kernel unpacks one archive after the other, each at a multiple of 4 bytes.
    truncate -s %4 initrd
    (cd tree && find . | LC_ALL=C sort | cpio --quiet --reproducible -o -H newc -R 0:0) >> initrd
    mv initrd "$1/initrd"
    rm -r tree`;
  await mkdir(target);
  const live = join(recipeDirectory, 'live');
  const args = [work, target, disk, String(rootAtMiB['qemu-efi-aarch64']), live, mounts];
  await runStep('sh', ['-euc', script, ...args], {
    signal,
    env: { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` },
  });
  const template = await readFile(join(recipeDirectory, 'steps/netboot.ipxe'), 'utf8');
  for (const [name, options] of Object.entries(scripts))
    await writeFile(join(target, name), template.replace('@OPTIONS@', options));
}
