import { XMLParser } from 'fast-xml-parser';
import { hashFile } from '../digest.ts';
import { damagedImage, notBootable, unsafeImage } from '../errors.ts';
import { printable } from '../../printable.ts';

/** No description of a machine is longer. Bytes. */
export const maxOvf = 1 << 20;

/** What an OVF (DMTF DSP0243) says of its machine. */
export interface Ovf {
  /** Name of the disk's file, in the same archive. */
  disk: string;
  /** Bytes of that file; absent where it does not say. */
  fileSize?: number;
  /** Bytes of the disk as the guest sees it. */
  capacity: number;
  firmware: 'bios' | 'uefi';
}

type Element = Record<string, unknown>;

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  isArray: (name) => name === 'File' || name === 'Disk',
});

/**
 * Reads an OVF with one disk.
 * @param path of the archive, for messages
 * @throws UsageError `image-damaged`, `image-unsafe`, `image-not-bootable`
 */
export function readOvf(path: string, text: string): Ovf {
  const damaged = (got: string): Error => damagedImage(path, 'an OVF that describes a machine', got);
  if (text.length > maxOvf) throw damaged(`one of more than ${maxOvf} bytes`);
  const envelope = child(parse(text, damaged), 'Envelope');
  if (envelope === undefined) throw damaged('one without an Envelope');
  const disks = children(child(envelope, 'DiskSection'), 'Disk').filter(
    (disk) => attribute(disk, 'fileRef') !== '',
  );
  const [disk, ...others] = disks;
  if (disk === undefined) throw damaged('one without a disk');
  if (others.length > 0)
    throw notBootable(path, `an OVF with ${disks.length} disks`, 'give the one that it boots from');
  const files = children(child(envelope, 'References'), 'File');
  const file = files.find((one) => attribute(one, 'id') === attribute(disk, 'fileRef'));
  if (file === undefined) throw damaged('one whose disk has no file');
  const href = attribute(file, 'href');
  // A file beside it, as OVF's packages have them.
  if (!/^[^/\\:]+$/.test(href) || href === '..' || href === '.')
    throw unsafeImage(
      path,
      `an OVF whose disk is ${printable(href.slice(0, 100))}, outside of the archive`,
      'put the disk into it',
    );
  if (attribute(file, 'compression') !== '' && attribute(file, 'compression') !== 'identity')
    throw notBootable(path, 'an OVF whose disk is compressed on its own', 'export it without');
  const size = attribute(file, 'size');
  if (size !== '' && !/^\d{1,15}$/.test(size))
    throw damaged(`a file of ${printable(size.slice(0, 40))} bytes`);
  return {
    disk: href,
    ...(size === '' ? {} : { fileSize: Number(size) }),
    capacity: capacityOf(disk, damaged),
    firmware: /<(?:\w+:)?Firmware\b[^>]*\btype="EFI|\bkey="firmware"[^>]*\bvalue="efi"/i.test(text)
      ? 'uefi'
      : 'bios',
  };
}

function parse(text: string, damaged: (got: string) => Error): Element {
  try {
    return parser.parse(text, true) as Element;
  } catch (error) {
    throw damaged(`no XML (${printable(error instanceof Error ? error.message : '', 80)})`);
  }
}

/** `byte`, `byte * 2^30`, or a word of older versions. */
const units: readonly (readonly [RegExp, number])[] = [
  [/^(?:bytes?)?$/i, 1],
  [/^(?:kilobytes?|kb)$/i, 2 ** 10],
  [/^(?:megabytes?|mb)$/i, 2 ** 20],
  [/^(?:gigabytes?|gb)$/i, 2 ** 30],
];

function capacityOf(disk: Element, damaged: (got: string) => Error): number {
  const [capacity, unit] = [attribute(disk, 'capacity'), attribute(disk, 'capacityAllocationUnits').trim()];
  const power = /^byte\s*\*\s*2\s*\^\s*(\d{1,2})$/i.exec(unit)?.[1];
  const factor = power === undefined ? units.find(([word]) => word.test(unit))?.[1] : 2 ** Number(power);
  const bytes = /^\d{1,15}$/.test(capacity) && factor !== undefined ? Number(capacity) * factor : Number.NaN;
  if (Number.isSafeInteger(bytes) && bytes > 0) return bytes;
  throw damaged(`a disk of ${printable(`${capacity} ${unit}`.trim().slice(0, 40)) || 'no size'}`);
}

const isElement = (value: unknown): value is Element =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function child(parent: Element | undefined, name: string): Element | undefined {
  const value = parent?.[name];
  return isElement(value) ? value : undefined;
}

function children(parent: Element | undefined, name: string): Element[] {
  const value = parent?.[name];
  return Array.isArray(value) ? value.filter(isElement) : [];
}

function attribute(element: Element, name: string): string {
  const value = element[`@${name}`];
  return typeof value === 'string' ? value : '';
}

/** Digests that manifests are written with, by OpenSSL's names. */
const algorithms = new Set(['sha1', 'sha256', 'sha512']);

/**
 * Proves a package's manifest: lines like `SHA256(nixos.ovf)= 0123…`.
 * @param path of the archive, for messages
 * @param files of the package by their names in it, as they lie on the host
 * @param needed those that it must not leave out
 * @throws UsageError `image-damaged`
 */
export async function verifyManifest(
  path: string,
  text: string,
  files: ReadonlyMap<string, string>,
  needed: readonly string[],
): Promise<void> {
  const damaged = (got: string): Error => damagedImage(path, 'a manifest that matches its files', got);
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const named = new Set<string>();
  for (const line of lines) {
    const [, algorithm = '', name = '', digest = ''] =
      /^(\w+)\s*\((.+?)\)\s*=\s*([0-9a-f]+)$/i.exec(line) ?? [];
    if (!algorithms.has(algorithm.toLowerCase())) throw damaged(`the line ${printable(line.slice(0, 80))}`);
    // Some list the manifest itself, as it was when they wrote that line.
    if (name.endsWith('.mf')) continue;
    const file = files.get(name);
    if (file === undefined) throw damaged(`a digest of ${printable(name.slice(0, 80))}, which is not there`);
    if ((await hashFile(file, algorithm)) !== digest.toLowerCase())
      throw damaged(
        `other bytes in ${printable(name.slice(0, 80))} than its ${algorithm.toUpperCase()} says`,
      );
    named.add(name);
  }
  const missing = needed.find((name) => !named.has(name));
  if (missing !== undefined) throw damaged(`one without ${printable(missing.slice(0, 80))}`);
}
