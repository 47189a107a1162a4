import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { formatPaths } from '../../../reference/formats.ts';
import { rootOf } from '../../defects/make/disk.ts';
import { direct } from '../direct.ts';
import { armBoard, boot } from '../machines.ts';
import { bootLog } from '../qemu.ts';
import type { Place, Recording } from '../recording.ts';

const uBoot = '/usr/lib/u-boot/qemu_arm64/u-boot.bin';
/** The board with its firmware. */
const uBootBoard = [...armBoard, '-bios', uBoot];

/** The kernel's modules out of a reference image: the makers of initrds want a directory. */
async function modules({ reference, scratch }: Place): Promise<{ directory: string; version: string }> {
  const disk = join(scratch, 'root.raw');
  await execa('qemu-img', ['convert', '-O', 'raw', join(reference, formatPaths.qemu), disk]);
  const parent = join(scratch, 'usr/lib');
  await mkdir(parent, { recursive: true });
  const env = { PATH: `${process.env['PATH']}:/usr/sbin:/sbin` };
  await execa('debugfs', ['-R', `rdump /usr/lib/modules ${parent}`, rootOf(disk)], { env });
  const [version = ''] = await readdir(join(parent, 'modules'));
  return { directory: join(parent, 'modules', version), version };
}

/** What dracut of the host makes, which waits for its root with shell hooks and not with systemd alone. */
async function dracutInitrd(place: Place): Promise<Buffer> {
  const { directory, version } = await modules(place);
  const path = join(place.scratch, 'dracut.img');
  const parts = ['--modules', 'base rootfs-block fs-lib kernel-modules udev-rules bash', '--no-hostonly'];
  await execa('dracut', [...parts, '--drivers', 'ext4', '--kmoddir', directory, '--kver', version, path]);
  return readFile(path);
}

async function initramfsTools(place: Place): Promise<Buffer> {
  const { directory, version } = await modules(place);
  const path = join(place.scratch, 'initrd.img');
  const config = join(place.scratch, 'conf');
  await mkdir(join(config, 'scripts'), { recursive: true });
  await writeFile(join(config, 'initramfs.conf'), 'MODULES=list\nBUSYBOX=y\nCOMPRESS=gzip\n');
  await writeFile(join(config, 'modules'), 'ext4\n');
  // It knows no other place for modules and the kernel's configuration than its host's.
  await execa('unshare', [
    '--mount',
    'sh',
    '-c',
    `set -e
mkdir -p /lib/modules
mount -t tmpfs none /lib/modules
mkdir "/lib/modules/$2"
mount --bind "$1" "/lib/modules/$2"
mount -t tmpfs none /boot
echo CONFIG_RD_GZIP=y >"/boot/config-$2"
exec mkinitramfs -d "$3" -o "$4" "$2"`,
    '--',
    directory,
    version,
    config,
    path,
  ]);
  return readFile(path);
}

/** Bootloaders and initrds that no reference image has. */
export const others: readonly Recording[] = [
  {
    name: 'u-boot-nothing-to-boot',
    what: 'U-Boot 2023.01 on an arm64 board without a drive',
    phases: 'firmware bootloader',
    failure: 'u-boot-prompt',
    record: async () => bootLog({ qemu: 'qemu-system-aarch64', args: uBootBoard, until: /=> $/ }),
  },
  {
    name: 'u-boot-efi',
    what: 'U-Boot 2023.01 on an arm64 board, systemd-boot 257, Debian 13',
    phases: 'firmware bootloader kernel initrd userspace login',
    failure: 'none',
    record: async ({ reference }) =>
      bootLog({
        qemu: 'qemu-system-aarch64',
        args: [
          ...uBootBoard,
          '-device',
          'virtio-rng-pci',
          '-drive',
          `if=none,id=drive,file=${join(reference, formatPaths['qemu-efi-aarch64'])},format=qcow2,snapshot=on`,
          '-device',
          'virtio-blk-pci,drive=drive',
        ],
        until: /root@nixos-installer:~\]#/,
      }),
  },
  {
    name: 'dracut-no-root',
    what: 'Debian 13 kernel, initrd by dracut 059 without systemd, root= names a label that is not there',
    phases: 'kernel initrd',
    failure: 'dracut-shell',
    record: direct({
      initrd: dracutInitrd,
      options: 'root=LABEL=absent rd.retry=6 rd.shell=1',
      memoryMiB: 1024,
      until: /Entering emergency mode|dracut:\/#|FATAL/,
    }),
  },
  {
    name: 'initramfs-tools-no-root',
    what: 'Debian 13 kernel, initrd by initramfs-tools 0.142, root= names a label that is not there',
    phases: 'kernel initrd',
    failure: 'initramfs-shell',
    record: direct({
      initrd: initramfsTools,
      options: 'root=LABEL=absent rootdelay=3',
      memoryMiB: 1024,
      until: /\(initramfs\) /,
    }),
  },
  {
    name: 'initramfs-tools-root-unset',
    what: 'Debian 13 kernel, initrd by initramfs-tools 0.142, no root= at all',
    phases: 'kernel initrd',
    failure: 'initramfs-shell',
    record: direct({
      initrd: initramfsTools,
      memoryMiB: 1024,
      until: /\(initramfs\) /,
    }),
  },
  {
    name: 'ipxe-shell',
    what: 'SeaBIOS on serial, iPXE 1.0.0 from its kernel image, whose script asks for the command line',
    phases: 'firmware bootloader',
    failure: 'ipxe-prompt',
    record: async ({ scratch }) => {
      const script = join(scratch, 'script.ipxe');
      await writeFile(script, '#!ipxe\nshell\n');
      return boot({
        machine: 'serconNothing',
        args: ['-kernel', '/usr/lib/ipxe/ipxe.lkrn', '-initrd', script],
        until: /iPXE> $/,
      })({ reference: '', scratch });
    },
  },
];
