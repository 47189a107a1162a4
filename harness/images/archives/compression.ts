import { createReadStream } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { execa } from 'execa';
import type { Compression } from '../image.ts';

/** How each begins, as latin1. */
const magics: Record<Compression, string> = {
  gzip: '\x1f\x8b',
  xz: '\xfd7zXZ\0',
  zstd: '\x28\xb5\x2f\xfd',
};

/** xz's own levels take up to 65 MiB; a hostile stream may ask for gigabytes. */
const xz = ['xz', '-dc', '-q', '--memlimit-decompress=512MiB'];
/** Node's decoder passes over what stands behind the last frame; the program refuses it. */
const zstd = ['zstd', '-dcq'];

/** Bytes of a chunk, either side of a decoder: small ones cost more than the decoding. */
const chunkSize = 1 << 20;
/** What a decoder has not filled is lost when it fails. */
const smallChunk = 1 << 16;

/** The compression that a file's first bytes tell. */
export function compressionOf(start: Buffer): Compression | undefined {
  const names = Object.keys(magics) as Compression[];
  return names.find((name) => start.toString('latin1', 0, magics[name].length) === magics[name]);
}

/** A file's bytes without their compression. */
export interface Decompressed {
  stream: Readable;
  /** Bytes of the file that were read. */
  read: () => number;
}

/**
 * Reads a file, decompressed. What is wrong with it, or behind it, is an error of the stream.
 * @param options.beginning only the start is wanted, and soon. @default all of it, to the last byte
 */
export function decompress(
  path: string,
  compression: Compression | undefined,
  { beginning = false, signal }: { beginning?: boolean; signal?: AbortSignal | undefined } = {},
): Decompressed {
  const source = createReadStream(path, { highWaterMark: beginning ? smallChunk : chunkSize });
  const read = (): number => source.bytesRead;
  const decoder = decoderOf(compression, beginning);
  // An error on the way destroys the last stream with it, so that whoever reads sees it.
  const stream = decoder === undefined ? source : pipeline(source, decoder, () => {});
  const end = (): void => void stream.destroy(signal?.reason as Error);
  signal?.addEventListener('abort', end, { once: true });
  if (signal?.aborted === true) end();
  return { stream, read };
}

function decoderOf(compression: Compression | undefined, beginning: boolean) {
  switch (compression) {
    case undefined:
      return undefined;
    case 'gzip':
      return createGunzip({ chunkSize: beginning ? smallChunk : chunkSize });
    case 'zstd':
      return beginning ? createZstdDecompress({ chunkSize: smallChunk }) : throughProgram(zstd);
    case 'xz':
      return throughProgram(xz);
  }
}

/** What a program of the host makes of a stream; its failure is the stream's, with its words. */
export function throughProgram([program = '', ...args]: readonly string[]) {
  return execa(program, args, {
    stdin: 'pipe',
    encoding: 'buffer',
    buffer: { stdout: false },
    env: { LC_ALL: 'C' },
  }).duplex();
}
