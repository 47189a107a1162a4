import { copyFile, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { formatPaths } from '../../../reference/formats.ts';
import { overwrite } from './disk.ts';
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
