import { boot } from '../machines.ts';
import type { ImageBoot } from '../machines.ts';
import type { Recording } from '../recording.ts';
import { brokenBy } from './firmware.ts';

/** A log of a seeded defect. */
const broken = (
  defect: string,
  machine: ImageBoot['machine'],
  until: RegExp,
  what: string,
  expected: Pick<Recording, 'phases' | 'failure'>,
): Recording => ({
  name: defect,
  what,
  ...expected,
  record: boot({ machine, image: brokenBy(defect), until }),
});

const inBootloader = (failure: string): Pick<Recording, 'phases' | 'failure'> => ({
  phases: 'firmware bootloader',
  failure,
});

const fromBootloader = (failure: string): Pick<Recording, 'phases' | 'failure'> => ({
  phases: 'bootloader',
  failure,
});

/** What bootloaders say that do not get on. */
export const bootloader: readonly Recording[] = [
  broken(
    'grub-no-such-device',
    'serconDisk',
    /grub rescue> $/,
    'SeaBIOS on serial, GRUB 2.06: a label that no disk has',
    inBootloader('grub-rescue'),
  ),
  broken(
    'grub-no-config',
    'serconDisk',
    /grub> /,
    'SeaBIOS on serial, GRUB 2.12 without grub.cfg',
    inBootloader('grub-prompt'),
  ),
  broken(
    'grub-no-kernel',
    'biosDisk',
    /Press any key to continue/,
    'GRUB 2.12, no kernel',
    fromBootloader('grub-failed'),
  ),
  broken(
    'grub-no-initrd',
    'biosDisk',
    /end Kernel panic/,
    'GRUB 2.12, no initrd: the kernel starts without',
    { phases: 'bootloader kernel', failure: 'kernel-panic' },
  ),
  broken(
    'grub-kernel-is-text',
    'biosDisk',
    /Press any key to continue/,
    'GRUB 2.12, a kernel that is none',
    fromBootloader('grub-failed'),
  ),
  broken(
    'grub-efi-no-config',
    'uefiCdrom',
    /grub> /,
    'OVMF, GRUB 2.12 on a CD-ROM without grub.cfg',
    inBootloader('grub-prompt'),
  ),
  broken(
    'isolinux-no-ldlinux',
    'serconCdrom',
    /Boot failed|Failed to load/,
    'SeaBIOS on serial, ISOLINUX 6.04 without ldlinux.c32',
    inBootloader('isolinux-failed'),
  ),
  broken(
    'isolinux-no-config',
    'serconCdrom',
    /boot: $/,
    'SeaBIOS on serial, ISOLINUX 6.04 without isolinux.cfg',
    inBootloader('isolinux-failed'),
  ),
  broken(
    'isolinux-no-kernel',
    'biosCdrom',
    /failed: /,
    'ISOLINUX 6.04, a kernel that is not there',
    fromBootloader('isolinux-failed'),
  ),
  {
    name: 'systemd-boot-no-entry',
    what: "OVMF, systemd-boot 257 without an entry: it asks for the firmware's setup",
    ...inBootloader('systemd-boot-failed'),
    record: boot({
      machine: 'uefiDisk',
      image: brokenBy('systemd-boot-no-entry'),
      until: /Boot Maintenance Manager/,
      reboots: true,
    }),
  },
  broken(
    'systemd-boot-no-initrd',
    'uefiDisk',
    /Shell>/,
    'OVMF, systemd-boot 257, an initrd that is not there',
    inBootloader('no-bootable-device'),
  ),
  broken(
    'systemd-boot-kernel-is-text',
    'uefiDisk',
    /Find image based on IP/,
    'OVMF, systemd-boot 257, a kernel that is none: the firmware traps',
    inBootloader('firmware-crashed'),
  ),
  broken(
    'netboot-chain-missing',
    'uefiNetwork',
    /Shell>|No more network devices|failed to load Boot0001|Start PXE/,
    'OVMF, iPXE 1.0.0, a script that asks for a file which is not there',
    fromBootloader('ipxe-failed'),
  ),
  broken(
    'netboot-gives-up',
    'uefiNetwork',
    /Shell>|No more network devices|failed to load Boot0001|Start PXE/,
    'OVMF, iPXE 1.0.0, a script that ends before it boots',
    fromBootloader('ipxe-failed'),
  ),
];
