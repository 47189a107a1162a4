import { copyFile, open, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { formatPaths } from '../../../reference/formats.ts';
import { overwrite } from './disk.ts';
import { editEsp, type EspEdit } from './esp.ts';
import type { Make } from './make.ts';

/** A text in the ISO, and what of the same length replaces each of its occurrences. */
export type Exchange = readonly [text: string | Buffer, by: string | Buffer];

export interface IsoEdits {
  exchanges?: readonly Exchange[];
  bytes?: readonly { at: number; data: Buffer }[];
  /** What is left of the file, 0 to 1. @default 1 */
  share?: number;
}

/**
 * A broken copy of the reference ISO. Nothing in it moves: names and texts are exchanged for others of the same length.
 * @throws Error when a text is not in the ISO: a defect that changes nothing would prove nothing.
 */
export const iso =
  ({ exchanges = [], bytes = [], share = 1 }: IsoEdits): Make =>
  async (reference, scratch) => {
    const source = join(reference, formatPaths['iso-installer']);
    const image = join(scratch, 'nixos-installer.iso');
    await copyFile(source, image);
    const content = await readFile(source);
    const patches = exchanges.flatMap(([text, by]) => {
      const [from, to] = [Buffer.from(text), Buffer.from(by)];
      if (from.length !== to.length)
        throw new Error(`expected two texts of one length, got ${text} and ${by}`);
      const found = occurrences(content, from);
      if (found.length === 0) throw new Error(`expected to find ${text} in the ISO`);
      return found.map((at) => ({ at, data: to }));
    });
    await overwrite(image, [...patches, ...bytes]);
    if (share < 1) await truncate(image, Math.floor(content.length * share));
    return image;
  };

/** Where the El Torito boot record is, what names the catalog in it, and an entry's length; bytes. */
const [bootRecord, catalogField, entry] = [17 * 2048, 71, 32];

/** A copy of the reference ISO whose EFI boot entry stands under the platform of a PC, with changes in its file system. */
export const isoEfiUnderPc =
  (edits: readonly EspEdit[]): Make =>
  async (reference, scratch) => {
    const image = await iso({})(reference, scratch);
    const file = await open(image, 'r');
    const read = async (at: number, length: number): Promise<Buffer> =>
      (await file.read(Buffer.alloc(length), 0, length, at)).buffer;
    const catalogAt = 2048 * (await read(bootRecord + catalogField, 4)).readUInt32LE(0);
    const catalog = await read(catalogAt, 2048).finally(() => file.close());
    // Behind the validation entry and the default one: the header of a section, and its entry.
    const section = catalog.subarray(2 * entry);
    if (section.readUInt8(1) !== 0xef) throw new Error('expected a boot catalog with a section for EFI');
    await overwrite(image, [{ at: catalogAt + 2 * entry + 1, data: Buffer.of(0) }]);
    await editEsp(image, 2048 * section.readUInt32LE(entry + 8), edits, scratch);
    return image;
  };

function occurrences(content: Buffer, text: Buffer): number[] {
  const found: number[] = [];
  for (let at = content.indexOf(text); at !== -1; at = content.indexOf(text, at + 1)) found.push(at);
  return found;
}

/** A file under another name of the same length, in each of the three directory trees that an ISO has. */
export function rename(from: string, to: string): Exchange[] {
  const trees = [
    (name: string) => Buffer.from(`NM${String.fromCodePoint(name.length + 5)}\x01\0${name}`, 'latin1'),
    (name: string) => Buffer.from(`${name.toUpperCase().replaceAll('-', '_')};1`),
    (name: string) => Buffer.from(name, 'utf16le').swap16(),
  ];
  return trees.map((entry) => [entry(from), entry(to)] as const);
}
