import { catalogue } from '../../defects/catalogue/index.ts';
import type { Make } from '../../defects/make/make.ts';
import { boot } from '../machines.ts';
import type { Recording } from '../recording.ts';

/** The image of a seeded defect. */
export function brokenBy(name: string): Make {
  const defect = catalogue.find((one) => one.name === name);
  if (defect === undefined) throw new Error(`expected the name of a seeded defect, got ${name}`);
  return defect.make;
}

const nothing = { phases: 'firmware', failure: 'no-bootable-device' } as const;

/** What firmware says that finds nothing to boot. */
export const firmware: readonly Recording[] = [
  {
    name: 'seabios-nothing-to-boot',
    what: 'SeaBIOS on serial, no drive',
    ...nothing,
    record: boot({ machine: 'serconNothing', until: /No bootable device/ }),
  },
  {
    name: 'seabios-boot-sector-gives-up',
    what: 'SeaBIOS on serial, a boot sector that hands back (int 18h)',
    ...nothing,
    record: boot({
      machine: 'serconDisk',
      image: brokenBy('boot-sector-gives-up'),
      until: /No bootable device/,
    }),
  },
  {
    name: 'ipxe-nothing-to-boot',
    what: "SeaBIOS on serial, iPXE in the network card's ROM, a boot file that is not there",
    phases: 'firmware bootloader',
    failure: 'ipxe-failed',
    record: boot({
      machine: 'serconNothing',
      args: ['-nic', 'user,model=virtio-net-pci,tftp=/var/empty,bootfile=absent.ipxe'],
      until: /No more network devices/,
    }),
  },
  {
    name: 'ovmf-nothing-to-boot',
    what: 'OVMF, no drive: its shell',
    ...nothing,
    record: boot({ machine: 'uefiNothing', until: /Shell>/ }),
  },
  {
    name: 'ovmf-loader-is-text',
    what: 'OVMF, BOOTX64.EFI is no program',
    ...nothing,
    record: boot({ machine: 'uefiDisk', image: brokenBy('esp-loader-is-text'), until: /Shell>/ }),
  },
  {
    name: 'ovmf-loader-for-arm',
    what: 'OVMF, BOOTX64.EFI is for AArch64',
    ...nothing,
    record: boot({ machine: 'uefiDisk', image: brokenBy('esp-loader-for-arm'), until: /Shell>/ }),
  },
  {
    name: 'ovmf-no-network-boot',
    what: "OVMF, iPXE in the network card's ROM, a boot file that is not there",
    phases: 'bootloader',
    failure: 'no-bootable-device',
    record: boot({
      machine: 'uefiNothing',
      args: [
        '-netdev',
        'user,id=net,tftp=/var/empty,bootfile=absent.ipxe',
        '-device',
        'virtio-net-pci,netdev=net,bootindex=1',
      ],
      until: /No more network devices|Shell>/,
    }),
  },
  {
    name: 'aavmf-nothing-to-boot',
    what: 'AAVMF (arm64), no drive: its shell',
    ...nothing,
    record: boot({ machine: 'armNothing', until: /Shell>/ }),
  },
];
