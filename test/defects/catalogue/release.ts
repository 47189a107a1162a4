import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { releaseFiles } from '../../../harness/matrix/cell.ts';
import { formatPaths } from '../../../reference/formats.ts';
import { bootCode, fatFile, gptDisk } from '../../media.ts';
import type { Defect } from '../defect.ts';
import type { Make } from '../make/make.ts';
import { netbootFiles, published } from '../make/published.ts';

const qcow2 = { 'images/nixos.qcow2': formatPaths.qemu };
/** A list that is right, above the file. */
const list = 'sha256sum images/nixos.qcow2 | sed "s# images/# #" > SHA256SUMS';
const address = 'https://example.org/nixos/releases/download';
/** What a release puts in front of the names in the script. */
const addresses = (kernel: string, initrd: string): string =>
  `sed "s#kernel bzImage#kernel ${address}/${kernel}/bzImage#; s#initrd initrd#initrd ${address}/${initrd}/initrd#" netboot.ipxe > new; mv new netboot.ipxe`;
const netboot = (script: string): Make => published(netbootFiles, script);

/** A disk with boot code, whose EFI system partition has the loader of another architecture. */
const otherLoader: Make = async (_, scratch) => {
  const fat = join(scratch, 'esp');
  await fatFile(fat, ['BOOTAA64.EFI']);
  const content = await readFile(fat);
  const image = join(scratch, 'nixos-x86_64.img');
  await writeFile(image, gptDisk(8192, [{ type: 'esp', first: 2048, sectors: 4096, content }], bootCode));
  return image;
};

const defects: readonly (Pick<Defect, 'name' | 'what' | 'make'> & { checks: Record<string, RegExp> })[] = [
  {
    name: 'release-digest-old',
    what: 'a list of digests that was made before the image was built again',
    make: published(qcow2, `${list}; sed 's/^......../00000000/' SHA256SUMS > new; mv new SHA256SUMS`),
    checks: {
      digests: /images\/nixos\.qcow2: expected 00000000[0-9a-f]{56}, as SHA256SUMS says, got [0-9a-f]{64}/,
    },
  },
  {
    name: 'release-digest-of-nothing',
    what: 'a list that names a file that was not published',
    make: published(qcow2, `${list}; sed 's/nixos/nixos-silent/' SHA256SUMS >> SHA256SUMS`),
    checks: { digests: /line 2: expected the file nixos-silent\.qcow2 that it names, got none of that name/ },
  },
  {
    name: 'release-digest-by-store-path',
    what: "a list with the builder's paths, which nobody else has",
    make: published(qcow2, 'sha256sum "$PWD/images/nixos.qcow2" > images/nixos.qcow2.sha256'),
    checks: { digests: /expected the name of a file beside the list, got \/.*\/nixos\.qcow2/ },
  },
  {
    name: 'release-name-other-architecture',
    what: 'an image for x86_64 that was published as one for aarch64',
    make: published({ 'nixos-aarch64-linux.qcow2': formatPaths.qemu }, 'true'),
    checks: { 'file-names': /expected an image for aarch64, as its name says, got one for x86_64/ },
  },
  {
    name: 'release-volume-id-old',
    what: 'an ISO whose volume id has the release before',
    make: published(
      { 'made.iso': formatPaths['iso-installer'] },
      // The primary volume descriptor is sector 16, the volume id its bytes from 40 on.
      'cp made.iso nixos-26.05-x86_64.iso; rm made.iso; printf "%-32s" NIXOS-25.11 | dd of=nixos-26.05-x86_64.iso bs=1 seek=32808 conv=notrunc status=none',
    ),
    checks: { 'file-names': /expected a volume id of 26\.05, as its name says, got NIXOS-25\.11/ },
  },
  {
    name: 'release-ipxe-two-tags',
    what: 'a script whose kernel has the address of the release before',
    make: netboot(addresses('v1', 'v2')),
    checks: { 'ipxe-script': /expected addresses below .*\/v1\/ only.* got .*\/v2\// },
  },
  {
    name: 'release-ipxe-left-plain',
    what: 'a script in which only the kernel got an address',
    make: netboot(
      `sed "s#kernel bzImage#kernel ${address}/v1/bzImage#" netboot.ipxe > new; mv new netboot.ipxe`,
    ),
    checks: { 'ipxe-script': /expected the address of initrd too/ },
  },
  {
    name: 'release-ipxe-initrd-renamed',
    what: "an initrd that was published by another name than the kernel's command line has",
    make: netboot(
      `${addresses('v1', 'v1')}; mv initrd initrd-x86_64; sed "s#/initrd\\$#/initrd-x86_64#; s#kernel .*#& initrd=initrd#" netboot.ipxe > new; mv new netboot.ipxe`,
    ),
    checks: { 'ipxe-script': /expected an initrd of the name initrd, .* got initrd-x86_64/ },
  },
  {
    name: 'release-loader-other-architecture',
    what: 'a disk for x86_64 whose EFI system partition has the loader for aarch64',
    make: otherLoader,
    checks: { 'fallback-loader': /expected EFI\/BOOT\/BOOTX64\.EFI .*, got EFI\/BOOT\/BOOTAA64\.EFI/ },
  },
];

/** What a release is published with: none of these needs a machine. */
export const release: readonly Defect[] = defects.map(({ name, what, make, checks }) => ({
  name,
  what,
  cell: releaseFiles,
  make,
  expect: { checks },
}));
