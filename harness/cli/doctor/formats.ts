import type { Arch, Archive, BootPaths, DiskDriver, Image } from '../../images/image.ts';
import type { Cell } from '../../matrix/cell.ts';
import { planCells } from '../../matrix/cells.ts';
import { formatNames } from '../../matrix/formats.ts';
import type { Finding } from './finding.ts';

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
  return [
    ...drivers.flatMap((driver) => boots.map((paths) => disk(driver, paths))),
    ...archives.flatMap((kind) =>
      boots.map((paths): Image => Object.assign(disk('qcow2', paths), { archive: { kind } })),
    ),
    ...loaders.flatMap((kernelNamedBy) =>
      archs.map((arch): Image => Object.assign(disk('raw', neither), { kernelNamedBy, arch })),
    ),
    ...boots.flatMap((paths) => [iso(paths, paths), iso(paths, neither)]),
    { ...base, kind: 'netboot', kernel: '', initrd: '', initrdSize: 0, script: '' },
  ];
}

/** The machines on which images of a format are booted. */
function machinesOf(name: string): Cell[] {
  const cells = samples(name).flatMap((image) => planCells([image]));
  const ofFormat = cells.filter(({ format, skip }) => format === name && skip === undefined);
  return [...new Map(ofFormat.map((cell) => [cell.id, cell])).values()];
}

/** What each format of the table would lack, by what was found of its machines. */
export function formats(found: readonly Finding[]): Finding[] {
  const lacking = new Set(found.filter(({ state }) => state === 'lacking').map(({ topic }) => topic));
  return formatNames.map((name) => {
    const cells = machinesOf(name);
    const lacks = new Map(
      cells.flatMap(({ arch, firmware }) =>
        [
          `QEMU for ${arch}`,
          `devices of QEMU for ${arch}`,
          `accelerator for ${arch}`,
          ...(firmware === 'uefi' ? [`UEFI firmware for ${arch}`] : []),
        ].flatMap((topic) => (lacking.has(topic) ? [[topic, `${arch} ${firmware}`] as const] : [])),
      ),
    );
    const machines = [...new Set(cells.map(({ arch, firmware, medium }) => `${arch}.${firmware}.${medium}`))];
    if (lacks.size === 0) return { topic: `format ${name}`, state: 'good', found: machines.join(', ') };
    const told = [...lacks].map(([topic, machine]) => `${topic} (${machine})`).join(', ');
    return { topic: `format ${name}`, state: 'lacking', found: `lacks ${told}` };
  });
}
