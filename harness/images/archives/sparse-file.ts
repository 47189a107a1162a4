import { open, type FileHandle } from 'node:fs/promises';

/** What file systems allocate at once; blocks of zeros are left out. Bytes. */
const block = 4096;
const zeros = Buffer.alloc(1 << 20);

/** A new file in which stretches of zeros take no room. */
export class SparseFile {
  readonly #file: FileHandle;
  #size = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Creates it; a file of that name is not written over. */
  static async create(path: string): Promise<SparseFile> {
    return new SparseFile(await open(path, 'wx'));
  }

  /** Writes bytes at an offset that only grows the file. */
  async write(bytes: Buffer, at: number): Promise<void> {
    this.#size = Math.max(this.#size, at + bytes.length);
    let from = 0;
    let isData = false;
    for (let here = 0; here < bytes.length;) {
      const next = Math.min(here + block - ((at + here) % block), bytes.length);
      const hasData = !isZero(bytes.subarray(here, next));
      if (hasData !== isData) {
        if (isData) await this.#put(bytes.subarray(from, here), at + from);
        from = here;
        isData = hasData;
      }
      here = next;
    }
    if (isData) await this.#put(bytes.subarray(from), at + from);
  }

  /** @param size of the whole file in bytes. @default up to the last byte that was written */
  async close(size = this.#size): Promise<void> {
    try {
      await this.#file.truncate(size);
    } finally {
      await this.#file.close();
    }
  }

  async #put(bytes: Buffer, at: number): Promise<void> {
    let done = 0;
    while (done < bytes.length) {
      const { bytesWritten } = await this.#file.write(bytes, done, bytes.length - done, at + done);
      done += bytesWritten;
    }
  }
}

const isZero = (bytes: Buffer): boolean => bytes.equals(zeros.subarray(0, bytes.length));
