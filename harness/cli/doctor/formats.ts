import type { Arch, Archive, BootPaths, DiskDriver, Image } from '../../images/image.ts';
import type { Cell } from '../../matrix/cell.ts';
import { planCells } from '../../matrix/cells.ts';
import { formatNames } from '../../matrix/formats.ts';
import type { Finding } from './finding.ts';
import { ipxeTopic } from './ipxe.ts';

const drivers: readonly DiskDriver[] = ['raw', 'qcow2', 'vmdk', 'vhdx', 'vdi', 'vpc'];
const archives: readonly Archive['kind'][] = ['compressed', 'google-compute', 'ova', 'vagrant-box', 'vma'];
const loaders = ['extlinux', 'file-system'] as const;
const archs: readonly Arch[] = ['x86_64', 'aarch64'];
const boots: readonly BootPaths[] = [
  { bios: true, uefi: [] },
  { bios: false, uefi: ['x86_64'] },
  { bios: false, uefi: ['aarch64'] },
];

/** Images of every kind that there is, called like a format, since some rows go by the name. */
function samples(name: string): Image[] {
  const base = { path: `/${name}.img`, files: [], arch: 'x86_64' as const };
  const neither: BootPaths = { bios: false, uefi: [] };
  const disk = (driver: DiskDriver, paths: BootPaths): Image => ({
    ...base,
    kind: 'disk',
    driver,
    virtualSize: 0,
    table: 'gpt',
    boots: paths,
  });
  const iso = (cdrom: BootPaths, usb: BootPaths): Image => ({
    ...base,
    kind: 'iso',
    volumeId: '',
    cdrom,
    usb,
  });
  const netboot = (arch: Arch): Image => ({
    ...base,
    kind: 'netboot',
    arch,
    kernel: '',
    initrd: '',
    initrdSize: 0,
    script: '',
  });
  return [
    ...drivers.flatMap((driver) => boots.map((paths) => disk(driver, paths))),
    ...archives.flatMap((kind) =>
      boots.map((paths): Image => Object.assign(disk('qcow2', paths), { archive: { kind } })),
    ),
    ...loaders.flatMap((kernelNamedBy) =>
      archs.map((arch): Image => Object.assign(disk('raw', neither), { kernelNamedBy, arch })),
    ),
    ...boots.flatMap((paths) => [iso(paths, paths), iso(paths, neither)]),
    netboot('x86_64'),
    netboot('aarch64'),
  ];
}

/** The machines on which images of a format are booted. */
function machinesOf(name: string): Cell[] {
  const cells = samples(name).flatMap((image) => planCells([image]));
  const ofFormat = cells.filter(({ format, skip }) => format === name && skip === undefined);
  return [...new Map(ofFormat.map((cell) => [cell.id, cell])).values()];
}

/** What a machine does not start without. */
const neededBy = ({ arch, firmware }: Cell): string[] => [
  `QEMU for ${arch}`,
  `devices of QEMU for ${arch}`,
  `accelerator for ${arch}`,
  ...(firmware === 'uefi' ? [`UEFI firmware for ${arch}`] : []),
];

/** What each format of the table would lack, by what was found of its machines. */
export function formats(found: readonly Finding[]): Finding[] {
  const stateOf = new Map(found.map(({ topic, state }) => [topic, state]));
  return formatNames.map((name) => {
    const topic = `format ${name}`;
    const cells = machinesOf(name);
    const lacks = new Map(
      cells.flatMap((cell) =>
        neededBy(cell).flatMap((needed) =>
          stateOf.get(needed) === 'lacking' ? [[needed, `${cell.arch} ${cell.firmware}`] as const] : [],
        ),
      ),
    );
    if (lacks.size > 0) {
      const told = [...lacks].map(([needed, machine]) => `${needed} (${machine})`).join(', ');
      return { topic, state: 'lacking', found: `lacks ${told}` };
    }
    const machines = [...new Set(cells.map(({ arch, firmware, medium }) => `${arch}.${firmware}.${medium}`))];
    // Without it the others start all the same.
    const isLimited = machines.includes('aarch64.uefi.pxe') && stateOf.get(ipxeTopic) === 'limited';
    const limit = isLimited ? `; aarch64 needs ${ipxeTopic}` : '';
    return { topic, state: isLimited ? 'limited' : 'good', found: `${machines.join(', ')}${limit}` };
  });
}
