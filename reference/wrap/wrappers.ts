import { link, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runStep } from '../command.ts';
import { formatPaths } from '../formats.ts';
import { writeNetboot } from './netboot.ts';
import { writeSdCard } from './sd-card.ts';
import { writeVma } from './vma.ts';
import { manifest, ovf } from './ovf.ts';

/** What a wrapper works with. */
export interface Wrapping {
  /** Directory of the built reference images; only read. */
  images: string;
  /** A directory for what goes away afterwards. */
  work: string;
  /** Where the image goes. */
  target: string;
  signal?: AbortSignal | undefined;
}

interface Wrapper {
  /** The row that it is for. */
  name: string;
  /** What the format's own tools call it, as far as names decide; for netboot the directory of its files. */
  file: string;
  wrap: (wrapping: Wrapping) => Promise<void>;
}

type Source = keyof typeof formatPaths;

const sourceOf = ({ images }: Wrapping, source: Source): string => join(images, formatPaths[source]);

/** A shell line, with the file that it makes as `$1` and what it is made from behind it. */
async function shell({ target, work, signal }: Wrapping, line: string, ...from: string[]): Promise<void> {
  await runStep('sh', ['-euc', `cd "$0"; ${line}`, work, target, ...from], { signal });
}

const convert =
  (source: Source, options: string) =>
  (wrapping: Wrapping): Promise<void> =>
    shell(wrapping, `qemu-img convert -f qcow2 ${options} "$2" "$1"`, sourceOf(wrapping, source));

/** The same bytes under another name: what a row is told by. */
const same =
  (source: Source) =>
  (wrapping: Wrapping): Promise<void> =>
    link(sourceOf(wrapping, source), wrapping.target);

const packed =
  (source: Source, packer: string) =>
  (wrapping: Wrapping): Promise<void> =>
    shell(wrapping, `${packer} < "$2" > "$1"`, sourceOf(wrapping, source));

/** A raw disk, compressed. */
const packedDisk =
  (source: Source, packer: string) =>
  (wrapping: Wrapping): Promise<void> =>
    shell(
      wrapping,
      `qemu-img convert -f qcow2 -O raw "$2" disk.raw; ${packer} < disk.raw > "$1"`,
      sourceOf(wrapping, source),
    );

/** The root file system of the BIOS disk alone, which begins at 1 MiB. */
const fileSystem = (wrapping: Wrapping): Promise<void> =>
  shell(
    wrapping,
    'qemu-img convert -f qcow2 -O raw "$2" disk.raw; dd if=disk.raw bs=1M skip=1 iflag=fullblock conv=sparse of=root.raw status=none; gzip -1 < root.raw > "$1"',
    sourceOf(wrapping, 'qemu'),
  );

/** The disk as VirtualBox exports it, with its description and a manifest; the last line packs it. */
const exported =
  (ovfName: string, pack: string) =>
  async (wrapping: Wrapping): Promise<void> => {
    const { work } = wrapping;
    const disk = 'nixos-disk001.vmdk';
    await shell(
      wrapping,
      `qemu-img convert -f qcow2 -O vmdk -o subformat=streamOptimized "$2" ${disk}`,
      sourceOf(wrapping, 'qemu'),
    );
    const { size } = await stat(join(work, disk));
    const info = await runStep('qemu-img', ['info', '--output=json', join(work, disk)]);
    const { 'virtual-size': capacity } = JSON.parse(info) as { 'virtual-size': number };
    await writeFile(join(work, ovfName), ovf({ disk, size, capacity }));
    await writeFile(join(work, ovfName.replace('.ovf', '.mf')), await manifest(work, [ovfName, disk]));
    await writeFile(join(work, 'metadata.json'), '{"provider":"virtualbox"}\n');
    await writeFile(
      join(work, 'Vagrantfile'),
      'Vagrant.configure("2") do |config|\n  config.vm.base_mac = "0800275F0936"\nend\n',
    );
    await shell(wrapping, pack);
  };

async function proxmox(wrapping: Wrapping): Promise<void> {
  const raw = join(wrapping.work, 'disk.raw');
  const vma = join(wrapping.work, 'disk.vma');
  await shell(wrapping, 'qemu-img convert -f qcow2 -O raw "$2" disk.raw', sourceOf(wrapping, 'qemu'));
  await writeVma(vma, raw, 'drive-virtio0');
  await shell(wrapping, 'zstd -q -1 < disk.vma > "$1"');
}

const sdCard =
  (source: Source) =>
  async (wrapping: Wrapping): Promise<void> => {
    await writeSdCard(source, sourceOf(wrapping, source), wrapping.work, wrapping.signal);
    await shell(wrapping, 'zstd -q -1 -T0 < sd-card.raw > "$1"');
  };

/** Every format that the core reference images do not have, in the order of the format table. */
export const wrappers: readonly Wrapper[] = [
  { name: 'iso-zst', file: 'nixos.iso.zst', wrap: packed('iso-installer', 'zstd -q -1') },
  {
    name: 'netboot-aarch64',
    file: 'netboot',
    wrap: (wrapping) => writeNetboot(sourceOf(wrapping, 'qemu-efi-aarch64'), wrapping),
  },
  { name: 'digital-ocean', file: 'nixos-image-digital-ocean.qcow2.gz', wrap: packed('qemu', 'gzip -1') },
  {
    name: 'google-compute',
    file: 'nixos-image-google-compute.raw.tar.gz',
    wrap: (wrapping) =>
      shell(
        wrapping,
        'qemu-img convert -f qcow2 -O raw "$2" disk.raw; tar -Sc disk.raw | gzip -1 > "$1"',
        sourceOf(wrapping, 'qemu'),
      ),
  },
  { name: 'proxmox', file: 'vzdump-qemu-nixos.vma.zst', wrap: proxmox },
  {
    name: 'vagrant-virtualbox',
    file: 'nixos.box',
    wrap: exported(
      'box.ovf',
      'tar --sort=name -cf - ./Vagrantfile ./box.mf ./box.ovf ./metadata.json ./*.vmdk | gzip -1 > "$1"',
    ),
  },
  {
    name: 'virtualbox',
    file: 'nixos.ova',
    wrap: exported('nixos.ovf', 'tar --format=ustar -cf "$1" nixos.ovf *.vmdk nixos.mf'),
  },
  { name: 'linode', file: 'nixos-image-linode.img.gz', wrap: fileSystem },
  { name: 'sd-card', file: 'nixos-image-sd-card-x86_64-linux.img.zst', wrap: sdCard('qemu') },
  {
    name: 'sd-card-aarch64',
    file: 'nixos-image-sd-card-aarch64-linux.img.zst',
    wrap: sdCard('qemu-efi-aarch64'),
  },
  { name: 'cloudstack', file: 'nixos-image-cloudstack.qcow2', wrap: same('qemu') },
  { name: 'kubevirt', file: 'nixos-image-kubevirt.qcow2', wrap: same('qemu') },
  { name: 'openstack', file: 'nixos-image-openstack.qcow2', wrap: same('qemu') },
  { name: 'openstack-zfs', file: 'nixos-image-openstack-zfs.qcow2', wrap: same('qemu-efi') },
  { name: 'oci', file: 'nixos-image-oci.qcow2', wrap: same('qemu-efi') },
  { name: 'raw', file: 'nixos.img', wrap: convert('qemu', '-O raw') },
  { name: 'raw-gz', file: 'nixos.img.gz', wrap: packedDisk('qemu', 'gzip -1') },
  { name: 'raw-xz', file: 'nixos-xz.img.xz', wrap: packedDisk('qemu', 'xz -0 -T0') },
  { name: 'raw-efi-zst', file: 'nixos-efi.img.zst', wrap: packedDisk('qemu-efi', 'zstd -q -1 -T0') },
  { name: 'vmware', file: 'nixos.vmdk', wrap: convert('qemu-efi', '-O vmdk -o subformat=monolithicSparse') },
  { name: 'hyperv', file: 'nixos.vhdx', wrap: convert('qemu-efi', '-O vhdx -o subformat=dynamic') },
  { name: 'azure', file: 'nixos.vhd', wrap: convert('qemu', '-O vpc -o subformat=fixed,force_size=on') },
];
