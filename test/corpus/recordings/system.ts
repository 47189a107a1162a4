import { disk } from '../../defects/make/disk.ts';
import { efiOptions } from '../../defects/make/options.ts';
import { oopsOf } from '../oops.ts';
import { type ImageBoot, boot } from '../machines.ts';
import type { Recording } from '../recording.ts';
import { brokenBy } from './firmware.ts';

/** root's prompt as the reference images set it. */
const prompt = /root@nixos-installer:~\]#/;
const all = 'kernel initrd userspace login';
/** What is seen before the kernel: a BIOS speaks on the screen alone, and iPXE by the BIOS does, too. */
function before(machine: ImageBoot['machine']): string {
  if (machine === 'biosNetwork') return '';
  return machine.startsWith('bios') || machine === 'uefiNetwork' ? 'bootloader ' : 'firmware bootloader ';
}
const good = (name: string, what: string, details: Omit<ImageBoot, 'until'>): Recording => ({
  name,
  what,
  phases: before(details.machine) + all,
  failure: 'none',
  record: boot({ ...details, until: prompt }),
});
const broken = (
  defect: string,
  machine: ImageBoot['machine'],
  until: RegExp,
  what: string,
  phases: string,
  failure: string,
): Recording => ({
  name: defect,
  what,
  phases: before(machine) + phases,
  failure,
  record: boot({ machine, image: brokenBy(defect), until }),
});
const toInitrd = 'kernel initrd';
/** Has a program wait for a file system of its own. */
const freeze = `#!/bin/sh
echo 5 > /proc/sys/kernel/hung_task_timeout_secs
truncate -s 20M /run/frozen && mkfs.ext4 -q /run/frozen && mount -o loop /run/frozen /mnt
fsfreeze --freeze /mnt
touch /mnt/frozen
`;
const hungAtPrompt =
  /root@nixos-installer:~\]#[^]*blocked for more than|blocked for more than[^]*root@nixos-installer:~\]#/;
const toUserspace = `${toInitrd} userspace`;

/** Whole systems, good ones and such that do not come up. */
export const system: readonly Recording[] = [
  good('reference-qemu', 'SeaBIOS, GRUB 2.12, Debian 13, kmscon', {
    machine: 'biosDisk',
    image: 'qemu',
  }),
  good('reference-qemu-efi', 'OVMF, systemd-boot 257, Debian 13', { machine: 'uefiDisk', image: 'qemu-efi' }),
  good('reference-qemu-efi-aarch64', 'AAVMF, systemd-boot 257, Debian 13 on arm64', {
    machine: 'armDisk',
    image: 'qemu-efi-aarch64',
  }),
  good('reference-iso-bios-cdrom', 'SeaBIOS, ISOLINUX 6.04 from CD-ROM, Debian 13', {
    machine: 'biosCdrom',
    image: 'iso-installer',
  }),
  good('reference-iso-bios-usb', 'SeaBIOS, ISOLINUX 6.04 from a USB stick, Debian 13', {
    machine: 'biosUsb',
    image: 'iso-installer',
  }),
  good('reference-iso-uefi-cdrom', 'OVMF, GRUB 2.12 from CD-ROM, Debian 13', {
    machine: 'uefiCdrom',
    image: 'iso-installer',
  }),
  good('reference-iso-uefi-usb', 'OVMF, GRUB 2.12 from a USB stick, Debian 13', {
    machine: 'uefiUsb',
    image: 'iso-installer',
  }),
  good('reference-netboot-bios', 'SeaBIOS, iPXE 1.0.0, Debian 13', {
    machine: 'biosNetwork',
    image: 'netboot',
  }),
  good('reference-netboot-uefi', 'OVMF, iPXE 1.0.0, Debian 13', { machine: 'uefiNetwork', image: 'netboot' }),
  {
    name: 'reference-quiet',
    what: 'OVMF, systemd-boot 257, Debian 13 with quiet loglevel=3: nothing between the menu and getty',
    phases: 'firmware bootloader login',
    failure: 'none',
    record: boot({
      machine: 'uefiDisk',
      image: disk('qemu-efi', { esp: [efiOptions('quiet loglevel=3')] }),
      until: prompt,
    }),
  },
  broken(
    'initrd-no-root-device',
    'biosDisk',
    /Emergency Mode|emergency mode/,
    'SeaBIOS, Debian 13, root= names a label that no disk has',
    toInitrd,
    'emergency-mode',
  ),
  broken(
    'initrd-no-squashfs',
    'biosCdrom',
    /Emergency Mode|emergency mode/,
    'SeaBIOS, ISOLINUX, the squashfs has another name',
    toInitrd,
    'emergency-mode',
  ),
  broken(
    'initrd-init-missing',
    'biosDisk',
    /Emergency Mode|emergency mode|end Kernel panic|!!!!!!/,
    'SeaBIOS, Debian 13, init= names a program that is not there',
    toInitrd,
    'emergency-mode',
  ),
  broken(
    'initrd-no-os-release',
    'uefiDisk',
    /Emergency Mode|emergency mode|end Kernel panic|!!!!!!/,
    'OVMF, Debian 13 without os-release',
    toInitrd,
    'emergency-mode',
  ),
  broken(
    'userspace-absent-mount',
    'biosDisk',
    /emergency mode/,
    'SeaBIOS, Debian 13, fstab names a device that is not there',
    toUserspace,
    'emergency-mode',
  ),
  broken(
    'userspace-root-locked',
    'biosDisk',
    /root account is locked/,
    'SeaBIOS, Debian 13, emergency mode with root locked',
    toUserspace,
    'emergency-mode',
  ),
  broken(
    'userspace-no-default-target',
    'biosDisk',
    /rescue mode|!!!!!!|Emergency|emergency mode/,
    'SeaBIOS, Debian 13, default.target names a unit that does not exist',
    toUserspace,
    'rescue-mode',
  ),
  broken(
    'userspace-init-without-libraries',
    'biosDisk',
    /end Kernel panic/,
    "SeaBIOS, Debian 13 without systemd's library",
    toUserspace,
    'kernel-panic',
  ),
  broken(
    'kernel-crashes-in-userspace',
    'biosDisk',
    /end Kernel panic/,
    'SeaBIOS, Debian 13, sysrq c by a service',
    toUserspace,
    'kernel-panic',
  ),
  broken(
    'kernel-init-ends',
    'uefiDisk',
    /end Kernel panic/,
    "OVMF, Debian 13, the initrd's init ends",
    'kernel initrd',
    'kernel-panic',
  ),
  broken(
    'kernel-init-ends-on-arm',
    'armDisk',
    /end Kernel panic/,
    "AAVMF, Debian 13 on arm64, the initrd's init ends",
    'kernel initrd',
    'kernel-panic',
  ),
  broken(
    'login-user-missing',
    'biosDisk',
    /(?:login: ghost[^]*){4}/,
    'SeaBIOS, Debian 13, autologin of a user who does not exist',
    all,
    'login-loop',
  ),
  broken(
    'login-shell-missing',
    'biosDisk',
    /(?:automatic login[^]*){4}/,
    "SeaBIOS, Debian 13, root's shell does not exist",
    all,
    'login-loop',
  ),
  {
    name: 'userspace-hung-task',
    what: 'SeaBIOS, Debian 13, a program that waits for a frozen file system',
    phases: before('biosDisk') + all,
    failure: 'none',
    record: boot({
      machine: 'biosDisk',
      image: disk('qemu', {
        root: [
          { path: '/usr/local/sbin/freeze', create: freeze, mode: '0100755' },
          {
            path: '/etc/systemd/system/freeze.service',
            create: '[Unit]\nDescription=freeze\n[Service]\nExecStart=/usr/local/sbin/freeze\n',
          },
          {
            path: '/etc/systemd/system/multi-user.target.wants/freeze.service',
            symlink: '/etc/systemd/system/freeze.service',
          },
        ],
      }),
      until: hungAtPrompt,
    }),
  },
  {
    name: 'userspace-oops',
    what: 'SeaBIOS, Debian 13, a module of the kernel whose first instruction is none',
    phases: before('biosDisk') + all,
    failure: 'none',
    record: boot({ machine: 'biosDisk', image: oopsOf('kernel/drivers/block/brd.ko.xz'), until: prompt }),
  },
];
