/**
 * What platforms bring into the one configuration that all formats are made of, as data with its source: a row of the format
 * table names what it brings. Paths are those of nixpkgs.
 */
import type { Allowance } from '../difference.ts';
import type { PartName } from '../inventory.ts';

const named = (part: PartName, names: string, why: string): Allowance[] =>
  names.split(' ').map((name) => ({ part, name, why }));

/** Which bootloader, on which firmware, starts the system from which root: each format has its own. */
const start: Allowance[] = [
  ...named('commandLine', 'BOOT_IMAGE initrd', 'the bootloader adds it (GRUB, SYSLINUX, iPXE)'),
  ...named(
    'commandLine',
    'bzImage* Image*',
    "under UEFI iPXE puts the kernel's own name first (iPXE, src/image/efi_image.c)",
  ),
  ...named(
    'commandLine',
    'init',
    'the store path of the system, which differs with any part (nixos/modules/system/boot)',
  ),
  ...named(
    'commandLine',
    'root rootfstype rw ro boot.shell_on_fail copytoram',
    'where the root is (nixos/modules/image)',
  ),
  ...named(
    'commandLine',
    'console',
    'images of clouds speak on serial (nixos/modules/virtualisation), and so do ours that we get in by',
  ),
  ...named('commandLine', 'systemd.getty_auto', 'goes with the console (systemd-getty-generator(8))'),
  ...named(
    'etc',
    '/etc/fstab /etc/static /etc/nixos*',
    'the file systems are the format (nixos/modules/image)',
  ),
  ...named(
    'mounts',
    '/ /boot /efi /boot/* /efi/* /nix /nix/* /iso /run/* /sysroot*',
    'the file systems are the format',
  ),
  ...named(
    'mounts',
    '/sys/firmware/efi/efivars /sys/fs/pstore',
    'there with UEFI only (systemd, src/shared/mount-setup.c)',
  ),
  ...named(
    'units',
    'boot.automount efi.automount systemd-boot-* systemd-bless-boot*',
    'UEFI and systemd-boot only (systemd-gpt-auto-generator(8))',
  ),
  ...named(
    'units',
    'systemd-fsck* systemd-growfs* systemd-repart* systemd-remount-fs.service',
    'follow the root file system',
  ),
];

/** Drivers of what the machine has, and of the file systems on it (udev loads them by the devices it finds). */
const drivers: Allowance[] = [
  ...named(
    'modules',
    'virtio* vmw_* hv_* vbox* ahci libahci libata ata_* pata_* sd_mod sr_mod cdrom scsi_* sg',
    'the bus of its disk',
  ),
  ...named(
    'modules',
    'usb* uas xhci* ehci* uhci* net_failover failover nvme* dm_* raid* md_mod',
    'the bus of its medium',
  ),
  ...named(
    'modules',
    'ext4 jbd2 mbcache crc* libcrc* xfs btrfs xor zfs spl vfat fat nls_* isofs squashfs overlay loop zstd* lz4* xxhash*',
    'its file systems',
  ),
  ...named('modules', 'efi*', 'there with UEFI only'),
  ...named(
    'modules',
    'vga16fb vgastate',
    'the display that a BIOS leaves in text mode (drivers/video/fbdev)',
  ),
];

/** Every format's own. */
export const ownOfFormats: readonly Allowance[] = [...start, ...drivers];

/** Runs from memory or a medium that nobody writes to. */
export const ofLiveMedia: readonly Allowance[] = [
  ...ownOfFormats,
  ...named(
    'packages',
    'squashfs* memtest86* syslinux* install-* nixos-install* nixos-generate* nixos-enter*',
    'an installer has its tools (nixos/modules/installer/cd-dvd)',
  ),
];

const agent = (packages: string, units: string, why: string): Allowance[] => [
  ...named('packages', packages, why),
  ...named('units', units, why),
  ...named(
    'etc',
    units
      .split(' ')
      .map((unit) => `/etc/systemd/system/${unit}`)
      .join(' '),
    why,
  ),
];

const cloudInit = agent(
  'cloud-init* cloud-utils*',
  'cloud-*',
  'cloud-init (nixos/modules/services/system/cloud-init.nix)',
);
const guestAgent = agent(
  'qemu-ga* qemu-guest-agent*',
  'qemu-guest-agent*',
  'the agent of QEMU (nixos/modules/virtualisation/qemu-guest-agent.nix)',
);

/** What the platform of a format has running in its guests, by the format's name. */
export const agents: Readonly<Record<string, readonly Allowance[]>> = {
  cloudstack: cloudInit,
  kubevirt: [...cloudInit, ...guestAgent],
  openstack: agent(
    'ec2-metadata*',
    'openstack-init* apply-openstack-config*',
    'fetches metadata (nixos/modules/virtualisation/openstack-config.nix)',
  ),
  oci: agent(
    'google-* oci-*',
    'fetch-ssh-keys*',
    'fetches keys (nixos/modules/virtualisation/oci-common.nix)',
  ),
  proxmox: [
    ...cloudInit,
    ...guestAgent,
    ...named(
      'settings',
      'host*name',
      'cleared, so that cloud-init sets it (nixos/modules/virtualisation/proxmox-image.nix)',
    ),
    ...named('etc', '/etc/hostname /etc/hosts', 'cleared with the host name'),
  ],
  'google-compute': agent(
    'google-*',
    'google-*',
    'the guest agent (nixos/modules/virtualisation/google-compute-config.nix)',
  ),
  'digital-ocean': agent(
    'do-agent*',
    'do-agent* digitalocean-*',
    'fetches metadata (nixos/modules/virtualisation/digital-ocean-config.nix)',
  ),
  azure: agent(
    'waagent* walinuxagent*',
    'waagent*',
    "Azure's agent (nixos/modules/virtualisation/azure-agent.nix)",
  ),
  hyperv: agent(
    'hyperv-daemons*',
    'hv-* hyperv-*',
    "Hyper-V's daemons (nixos/modules/virtualisation/hyperv-guest.nix)",
  ),
  vmware: agent(
    'open-vm-tools*',
    'vmware* vmtoolsd*',
    "VMware's tools (nixos/modules/virtualisation/vmware-guest.nix)",
  ),
  virtualbox: agent(
    'VirtualBox-GuestAdditions*',
    'virtualbox*',
    'guest additions (nixos/modules/virtualisation/virtualbox-guest.nix)',
  ),
};
