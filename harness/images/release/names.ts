import { basename } from 'node:path';
import type { Arch, BootPaths, DiskDriver, Image } from '../image.ts';
import type { Release, ReleaseFault, ReleaseFinding } from './release.ts';

/** What a name promises of what it is the name of. */
interface Claims {
  arch?: Arch;
  /** A release of NixOS or of Ubuntu's kind, e.g. `25.05`. */
  version?: string;
}

const word = (...words: string[]): RegExp =>
  new RegExp(`(?<![a-z0-9])(?:${words.join('|')})(?![a-z0-9])`, 'i');
const archs: readonly (readonly [Arch, RegExp])[] = [
  ['x86_64', word('x86[_-]64', 'amd64')],
  ['aarch64', word('aarch64', 'arm64')],
];
const efi = word('u?efi');
const packed = /\.(?:gz|xz|zst)$/i;

/** What the end of a name says a file is. */
const kinds: Record<string, DiskDriver | 'iso'> = {
  iso: 'iso',
  qcow2: 'qcow2',
  vmdk: 'vmdk',
  vhdx: 'vhdx',
  vhd: 'vpc',
  vdi: 'vdi',
  raw: 'raw',
};

/** Whether the names of a release promise anything that could be wrong. */
export const hasClaims = ({ images }: Release): boolean =>
  images.some((image) => Object.keys(claimsOf(fileName(image))).length > 0);

/** Holds the names of images, and the volume ids of ISOs, against what is in them. */
export function checkNames({ images }: Release): ReleaseFinding {
  const finding: ReleaseFinding = { faults: [], told: [] };
  for (const image of images) {
    const name = fileName(image);
    const faults = [
      ...contentFaults(name, 'its name says', claimsOf(name), image),
      ...kindFaults(name, image),
      ...(image.kind === 'iso' ? volumeFaults(name, image.volumeId, image) : []),
    ];
    finding.faults.push(...faults);
    const volume = image.kind === 'iso' ? `, volume id ${image.volumeId}` : '';
    if (faults.length === 0)
      finding.told.push(`${name}: ${kindOf(image)} for ${archsOf(image).join(', ')}${volume}`);
  }
  return finding;
}

/** What a person fetches: of a netboot set the script. */
const fileName = (image: Image): string => basename(image.kind === 'netboot' ? image.script : image.path);

function claimsOf(text: string): Claims {
  const named = archs.filter(([, expression]) => expression.test(text));
  const version = /(?<![\d.])(\d\d\.\d\d)(?![\d])/.exec(text)?.[1];
  const [only] = named;
  return {
    ...(named.length === 1 && only !== undefined ? { arch: only[0] } : {}),
    ...(version === undefined ? {} : { version }),
  };
}

function bootsOf(image: Image): BootPaths | undefined {
  if (image.kind === 'disk') return image.kernelNamedBy === undefined ? image.boots : undefined;
  if (image.kind === 'netboot') return undefined;
  return {
    bios: image.cdrom.bios || image.usb.bios,
    uefi: [...new Set([...image.cdrom.uefi, ...image.usb.uefi])],
  };
}

const archsOf = (image: Image): Arch[] => {
  const boots = bootsOf(image);
  return boots === undefined
    ? [image.arch]
    : [...new Set([...(boots.bios ? ['x86_64' as const] : []), ...boots.uefi])];
};

function contentFaults(action: string, who: string, { arch }: Claims, image: Image): ReleaseFault[] {
  const got = archsOf(image);
  if (arch === undefined || got.includes(arch)) return [];
  return [{ action, expected: `an image for ${arch}, as ${who}`, got: `one for ${got.join(', ')}` }];
}

const kindOf = (image: Image): string => (image.kind === 'disk' ? image.driver : image.kind);

function kindFaults(name: string, image: Image): ReleaseFault[] {
  const plain = name.replace(packed, '');
  const wanted = kinds[plain.split('.').at(-1)?.toLowerCase() ?? ''];
  const faults: ReleaseFault[] = [];
  // An archive's inside is what its name says only where it is one file that is compressed.
  const isPlain = image.archive === undefined || image.archive.kind === 'compressed';
  if (wanted !== undefined && isPlain && image.kind !== 'netboot' && kindOf(image) !== wanted)
    faults.push({ action: name, expected: `${wanted}, as its name says`, got: kindOf(image) });
  const boots = bootsOf(image);
  if (boots !== undefined && efi.test(plain) && boots.uefi.length === 0)
    faults.push({
      action: name,
      expected: 'a fallback loader for UEFI (EFI/BOOT/BOOTX64.EFI or BOOTAA64.EFI), as its name says efi',
      got: 'none',
    });
  return faults;
}

function volumeFaults(name: string, volumeId: string, image: Image): ReleaseFault[] {
  const [ofName, ofVolume] = [claimsOf(name), claimsOf(volumeId)];
  const faults = contentFaults(name, `its volume id ${volumeId} says`, ofVolume, image);
  if (ofName.version !== undefined && ofVolume.version !== undefined && ofName.version !== ofVolume.version)
    faults.push({
      action: name,
      expected: `a volume id of ${ofName.version}, as its name says`,
      got: volumeId,
    });
  return faults;
}
