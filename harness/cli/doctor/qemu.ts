import { execa } from 'execa';
import { findFirmware } from '../../../ovmf/firmware.ts';
import { BootMatrixError } from '../../errors.ts';
import type { Arch } from '../../images/image.ts';
import { machineTypes } from '../../machine/board/hardware.ts';
import { qemuVersion, usableQemu } from '../../machine/version.ts';
import { type Finding, good } from './finding.ts';
import { installing } from './packages.ts';

const packageOf = { x86_64: 'qemu-system-x86', aarch64: 'qemu-system-arm' } as const;
const firmwareOf = { x86_64: 'ovmf', aarch64: 'qemu-efi-aarch64' } as const;

/** The devices of the machines (`machine/board/hardware.ts`); distributions put some into packages of their own. */
const devices: Readonly<Record<Arch, readonly string[]>> = {
  x86_64: [
    'VGA',
    'ide-cd',
    'ide-hd',
    'pvpanic',
    'qemu-xhci',
    'scsi-hd',
    'usb-storage',
    'virtio-blk-pci',
    'virtio-net-pci',
    'virtio-rng-pci',
    'virtio-scsi-pci',
    'virtio-serial-pci',
  ],
  aarch64: [
    'nvme',
    'pvpanic-pci',
    'qemu-xhci',
    'scsi-cd',
    'scsi-hd',
    'usb-kbd',
    'usb-storage',
    'virtio-blk-pci',
    'virtio-gpu-pci',
    'virtio-net-pci',
    'virtio-rng-pci',
    'virtio-scsi-pci',
    'virtio-serial-pci',
  ],
};

/** What of an architecture's QEMU works here: its version, its devices and network, its UEFI firmware. */
export async function qemu(arch: Arch): Promise<Finding[]> {
  const topic = `QEMU for ${arch}`;
  try {
    const binary = await usableQemu(arch);
    return [good(topic, await qemuVersion(arch)), await modules(arch, binary), await firmware(arch, binary)];
  } catch (error) {
    if (!(error instanceof BootMatrixError)) throw error;
    return [{ topic, state: 'lacking', found: error.message, remedy: installing(packageOf[arch]) }];
  }
}

async function modules(arch: Arch, binary: string): Promise<Finding> {
  const topic = `devices of QEMU for ${arch}`;
  const [known, network] = await Promise.all([
    execa(binary, ['-machine', 'none', '-device', 'help'], { reject: false }),
    execa(binary, ['-machine', 'none', '-netdev', 'help'], { reject: false }),
  ]);
  const names = new Set([...known.stdout.matchAll(/^name "([^"]+)"/gm)].map(([, name]) => name));
  const missing = devices[arch].filter((name) => !names.has(name));
  // Red Hat's QEMU is built without it.
  if (!/^user$/m.test(network.stdout)) missing.push('the network `user` (slirp)');
  if (missing.length === 0) return good(topic, 'all that machines are made of');
  return {
    topic,
    state: 'lacking',
    found: `it has no ${missing.join(', ')}`,
    remedy: {
      ...installing(packageOf[arch]),
      debian: `sudo apt-get install ${packageOf[arch]} qemu-system-common`,
      fedora: 'sudo dnf install qemu',
      arch: 'sudo pacman -S qemu-full',
    },
  };
}

async function firmware(arch: Arch, binary: string): Promise<Finding> {
  const topic = `UEFI firmware for ${arch}`;
  const skipped: string[] = [];
  try {
    const [machineType = ''] = { ...machineTypes, x86_64: 'pc-q35' }[arch].split(',');
    const { code } = await findFirmware(arch, machineType, {
      qemuBinary: binary,
      onSkipped: (notice) => skipped.push(notice),
    });
    return good(topic, [code, ...skipped].join('; '));
  } catch (error) {
    if (!(error instanceof BootMatrixError)) throw error;
    return {
      topic,
      state: 'lacking',
      found: [error.message, ...skipped].join(' '),
      remedy: installing(firmwareOf[arch]),
    };
  }
}
