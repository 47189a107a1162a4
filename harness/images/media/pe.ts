/** A part of a file, bytes. */
export interface FilePart {
  offset: number;
  size: number;
}

export interface PeSection extends FilePart {
  /** E.g. `.text`. */
  name: string;
}

/** systemd takes no more either (src/boot/pe.c). */
const maxSections = 96;

/**
 * The sections of an EFI program, in the order of its table (Microsoft, "PE Format"); none for another file, or where one
 * does not lie in the file.
 * @param read bytes of the file, zeros behind its end
 * @param size of the file, bytes
 */
export async function peSections(
  read: (offset: number, length: number) => Promise<Buffer>,
  size: number,
): Promise<PeSection[]> {
  const dos = await read(0, 64);
  if (dos.toString('latin1', 0, 2) !== 'MZ') return [];
  const at = dos.readUInt32LE(60);
  const head = await read(at, 24);
  if (head.toString('latin1', 0, 4) !== 'PE\0\0') return [];
  const count = head.readUInt16LE(6);
  if (count > maxSections) return [];
  const table = await read(at + 24 + head.readUInt16LE(20), count * 40);
  const sections = Array.from({ length: count }, (_, index) => sectionAt(table.subarray(index * 40)));
  return sections.every((one) => one.offset + one.size <= size) ? sections : [];
}

/** What is on disk is filled up to an alignment, and what is in memory may be larger than that: the smaller is what is there. */
const sectionAt = (entry: Buffer): PeSection => ({
  name: entry.toString('latin1', 0, 8).replace(/\0.*$/s, ''),
  size: Math.min(entry.readUInt32LE(8), entry.readUInt32LE(16)),
  offset: entry.readUInt32LE(20),
});
