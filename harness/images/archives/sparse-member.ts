/** Bytes of a file, and where in it they belong. */
export interface Piece {
  at: number;
  bytes: Buffer;
}

/** What tar-stream tells of a file. */
export interface MemberHeader {
  name: string;
  size?: number | undefined;
  /** What a pax header in front of it says. */
  pax?: Record<string, string> | null;
}

const block = 512;
/** A map of more stretches than this is none; characters of the longest one. */
const maxMap = 4 << 20;

/** The name and the size in bytes of a file in a tar archive, whether its holes are left out of it or not. */
export function identityOf({ name, size = 0, pax }: MemberHeader): { name: string; size: number } {
  if (!isSparse(pax)) return { name, size };
  const realSize = Number(pax?.['GNU.sparse.realsize']);
  if (!Number.isSafeInteger(realSize) || realSize < 0) throw new Error('a sparse file without a size');
  return { name: pax?.['GNU.sparse.name'] ?? name, size: realSize };
}

/** The bytes of a file in a tar archive, without its holes where these are left out. */
export function piecesOf(header: MemberHeader, data: AsyncIterable<Buffer>): AsyncIterable<Piece> {
  const { size } = identityOf(header);
  return isSparse(header.pax) ? sparsePieces(data, size) : plainPieces(data, size);
}

/** The format that libarchive writes: GNU's 1.0 (GNU tar's manual, "Storing Sparse Files"). */
const isSparse = (pax: MemberHeader['pax']): boolean => pax?.['GNU.sparse.major'] === '1';

async function* plainPieces(data: AsyncIterable<Buffer>, size: number): AsyncGenerator<Piece> {
  let at = 0;
  for await (const bytes of data) {
    yield { at, bytes };
    at += bytes.length;
  }
  if (at !== size) throw new Error('it is cut off');
}

/**
 * In front of the data stands a map in decimal lines, filled up to a block: how many stretches, then offset and length of
 * each.
 */
async function* sparsePieces(data: AsyncIterable<Buffer>, size: number): AsyncGenerator<Piece> {
  let head = Buffer.alloc(0);
  let map: Stretch[] | undefined;
  for await (const chunk of data) {
    let bytes = chunk;
    if (map === undefined) {
      head = Buffer.concat([head, chunk]);
      const read = readMap(head, size);
      if (read === undefined) continue;
      map = read.stretches;
      bytes = head.subarray(read.length);
    }
    while (bytes.length > 0) {
      const [stretch] = map;
      if (stretch === undefined) throw new Error('a sparse file with more bytes than its map has');
      const part = bytes.subarray(0, stretch.length);
      if (part.length > 0) yield { at: stretch.at, bytes: part };
      bytes = bytes.subarray(part.length);
      stretch.at += part.length;
      stretch.length -= part.length;
      if (stretch.length === 0) map.shift();
    }
  }
  if (map === undefined || map.some(({ length }) => length > 0)) throw new Error('it is cut off');
}

interface Stretch {
  at: number;
  length: number;
}

/** The map and the bytes that it takes; undefined where it is not all there. */
function readMap(head: Buffer, size: number): { stretches: Stretch[]; length: number } | undefined {
  if (head.length > maxMap) throw new Error('a sparse file with a map that does not end');
  const numbers: number[] = [];
  let from = 0;
  while (numbers.length < 1 + 2 * (numbers[0] ?? 0) || numbers.length === 0) {
    const end = head.indexOf(10, from);
    if (end === -1) return undefined;
    const text = head.toString('latin1', from, end);
    if (!/^\d{1,15}$/.test(text)) throw new Error('a sparse file with a map of other things than numbers');
    numbers.push(Number(text));
    from = end + 1;
  }
  const length = Math.ceil(from / block) * block;
  if (head.length < length) return undefined;
  const stretches = Array.from({ length: numbers[0] ?? 0 }, (_, index) => ({
    at: numbers[1 + 2 * index] ?? 0,
    length: numbers[2 + 2 * index] ?? 0,
  }));
  if (stretches.some((one) => one.at + one.length > size))
    throw new Error('a sparse file with bytes behind its end');
  return { stretches: stretches.filter((one) => one.length > 0), length };
}
