import { runStep } from '../command.ts';
import { rootAtMiB } from '../formats.ts';

const console = { qemu: 'ttyS0,115200', 'qemu-efi-aarch64': 'ttyAMA0,115200' } as const;

const menu = (device: string): string => `TIMEOUT 10
DEFAULT nixos-default
MENU TITLE ------------------------------------------------------------

LABEL nixos-default
  MENU LABEL NixOS reference
  LINUX ../bzImage
  INITRD ../initrd
  APPEND root=LABEL=nixos rw console=tty0 console=${device}
`;

/**
 * Makes `sd-card.raw`: an MBR, a FAT file system FIRMWARE without anything that firmware starts, and the root file system
 * of a reference disk, bootable, with the menu that U-Boot reads and no other.
 */
export async function writeSdCard(
  source: string,
  disk: string,
  work: string,
  signal?: AbortSignal | undefined,
): Promise<void> {
  const kind = source === 'qemu' ? 'qemu' : 'qemu-efi-aarch64';
  const script = `
    cd "$0"
    qemu-img convert -f qcow2 -O raw "$1" disk.raw
    dd if=disk.raw bs=1M skip="$2" iflag=fullblock conv=sparse of=root.raw status=none
    truncate -s 2G root.raw
    printf %s "$3" > extlinux.conf
    # debugfs fails with exit code 0.
    printf 'rm /boot/grub/grub.cfg\\nmkdir /boot/extlinux\\nwrite extlinux.conf /boot/extlinux/extlinux.conf\\n' | debugfs -w -f - root.raw > /dev/null 2>&1
    [ "$(debugfs -R 'cat /boot/extlinux/extlinux.conf' root.raw 2> /dev/null)" = "$(cat extlinux.conf)" ]
    truncate -s 30M firmware.raw
    mformat -i firmware.raw -v FIRMWARE ::
    truncate -s $((2086 << 20)) sd-card.raw
    printf 'start=8MiB, size=30MiB, type=b\\nstart=38MiB, type=83, bootable\\n' | sfdisk --quiet --no-tell-kernel --label dos sd-card.raw
    dd if=firmware.raw of=sd-card.raw bs=1M seek=8 conv=notrunc,sparse status=none
    dd if=root.raw of=sd-card.raw bs=1M seek=38 conv=notrunc,sparse status=none
    rm disk.raw root.raw`;
  await runStep('sh', ['-euc', script, work, disk, String(rootAtMiB[kind]), menu(console[kind])], {
    signal,
    env: { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` },
  });
}
