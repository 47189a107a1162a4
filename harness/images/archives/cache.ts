import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDirectory } from '../../cache-directory.ts';
import { parseOwner, stateOf, thisProcess } from '../../owner.ts';

/** What opened archives may take of the disk together, but for those in use. Bytes. */
const defaultMost = 40 * 2 ** 30;
/** So long a run that we cannot look at, in another container, is taken to use what it claimed. */
const elsewhereMilliseconds = 24 * 60 * 60 * 1000;

const user = '.user-';
const opening = '.opening-';
const leaving = '.leaving-';
/** A SHA-256, as an entry is called. */
const entryName = /^[0-9a-f]{64}$/;

const unique = (): string => randomBytes(6).toString('hex');

/** A directory of the cache that stays as long as it is held. */
export interface Lease {
  directory: string;
  /** Whether it was there before. */
  cached: boolean;
  release: () => Promise<void>;
}

/**
 * Opened archives by their digest. An entry is there whole or not at all: it is made beside and renamed. Whoever uses one
 * puts a claim into it, a file that names the process; what nobody claims goes when room is needed, the least recently used
 * first.
 */
export class OpenedCache {
  readonly #root: string;
  readonly #most: number;

  /**
   * @param options.root @default `opened` in the cache directory
   * @param options.most bytes. @default 40 GiB
   */
  constructor({
    root = join(cacheDirectory(), 'opened'),
    most = defaultMost,
  }: { root?: string; most?: number } = {}) {
    this.#root = root;
    this.#most = most;
  }

  /**
   * @param fill makes the entry in an empty directory; what it throws leaves nothing behind
   */
  async lease(digest: string, fill: (directory: string) => Promise<void>): Promise<Lease> {
    await mkdir(this.#root, { recursive: true });
    for (let cached = true; ; cached = false) {
      const claim = await this.#claim(digest);
      if (claim !== undefined) {
        if (!cached) await this.#prune();
        return { directory: join(this.#root, digest), cached, release: () => rm(claim, { force: true }) };
      }
      await this.#sweep();
      await this.#make(digest, fill);
    }
  }

  /** The claim on an entry; undefined where there is none. */
  async #claim(digest: string): Promise<string | undefined> {
    const directory = join(this.#root, digest);
    const claim = join(directory, `${user}${unique()}`);
    try {
      await writeFile(claim, JSON.stringify(thisProcess()), { flag: 'wx' });
      await utimes(directory, new Date(), new Date());
      return claim;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async #make(digest: string, fill: (directory: string) => Promise<void>): Promise<void> {
    const work = join(this.#root, `${opening}${unique()}`);
    const directory = join(work, 'entry');
    await mkdir(directory, { recursive: true });
    try {
      await writeFile(join(work, `${user}${unique()}`), JSON.stringify(thisProcess()));
      await fill(directory);
      await rename(directory, join(this.#root, digest)).catch((error: NodeJS.ErrnoException) => {
        // Another run was first.
        if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
      });
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }

  /** Removes what killed runs left half made. */
  async #sweep(): Promise<void> {
    for (const name of await readdir(this.#root)) {
      if (!name.startsWith(opening) && !name.startsWith(leaving)) continue;
      const directory = join(this.#root, name);
      // One that is just being made may have no claim yet.
      const { mtimeMs } = await stat(directory).catch(() => ({ mtimeMs: Date.now() }));
      if (Date.now() - mtimeMs > 60_000 && !(await isUsed(directory)))
        await rm(directory, { recursive: true, force: true });
    }
  }

  async #prune(): Promise<void> {
    const names = (await readdir(this.#root)).filter((name) => entryName.test(name));
    const entries = await Promise.all(names.map((name) => measure(this.#root, name)));
    let total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { name, bytes } of entries.toSorted((a, b) => a.usedMs - b.usedMs)) {
      if (total <= this.#most) return;
      if (await this.#remove(name)) total -= bytes;
    }
  }

  /** Removes an entry unless somebody uses it: moved aside first, so that nobody finds it meanwhile. */
  async #remove(name: string): Promise<boolean> {
    const directory = join(this.#root, name);
    if (await isUsed(directory)) return false;
    const aside = join(this.#root, `${leaving}${unique()}`);
    await rename(directory, aside);
    // Claimed in between: it goes back, and only if another one has taken its place it is lost.
    if (await isUsed(aside)) {
      const isBack = await rename(aside, directory).then(
        () => true,
        () => false,
      );
      if (isBack) return false;
    }
    await rm(aside, { recursive: true, force: true });
    return true;
  }
}

async function measure(root: string, name: string): Promise<{ name: string; bytes: number; usedMs: number }> {
  const directory = join(root, name);
  const [own, names] = await Promise.all([stat(directory), readdir(directory)]);
  const files = await Promise.all(
    names.map((file) => stat(join(directory, file)).catch(() => ({ blocks: 0 }))),
  );
  return { name, bytes: files.reduce((sum, { blocks }) => sum + blocks * 512, 0), usedMs: own.mtimeMs };
}

/** Whether a process that lives has a claim there; those of others are removed. */
async function isUsed(directory: string): Promise<boolean> {
  const names = (await readdir(directory).catch(() => [])).filter((name) => name.startsWith(user));
  let used = false;
  for (const name of names) {
    const file = join(directory, name);
    const owner = parseOwner(await readFile(file, 'utf8').catch(() => ''));
    const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: 0 }));
    const state = owner === undefined ? 'gone' : stateOf(owner);
    const isYoung = Date.now() - mtimeMs < elsewhereMilliseconds;
    if (state === 'alive' || (state === 'elsewhere' && isYoung)) used = true;
    else await rm(file, { force: true });
  }
  return used;
}
