import { mkdir, mkdtemp, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { machine } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { BootMatrixError, HostError, UsageError } from '../harness/errors.ts';
import { cacheDirectory } from '../harness/cache-directory.ts';
import { runStep } from './command.ts';
import { digestRecipe } from './digest.ts';
import { referenceFormats, type ReferenceFormat } from './formats.ts';
import { lockFile } from './lock.ts';
import { type MirrorState, aptProxies, mirrorState } from './mirror.ts';
import { recipeDirectory } from './paths.ts';
import { followRecipe } from './recipe.ts';

export interface BuildOptions {
  /** @default `$XDG_CACHE_HOME` (or `~/.cache`) `/boot-matrix/reference` */
  cacheDir?: string;
  /** Called with each line that a waiting person may want to see. */
  onProgress: (line: string) => void;
  signal?: AbortSignal | undefined;
}

/** The built images: `directory` holds all of `formats`. */
export interface ReferenceImages {
  directory: string;
  formats: ReferenceFormat[];
}

const scratchPrefix = 'build-';

/**
 * Builds the reference images, or finds them built. What is built is known by the recipe and by the state of the
 * Debian mirror, which is asked at most once a day.
 * @throws UsageError `reference-no-mirror`, `reference-no-root`, `reference-wrong-host`
 * @throws HostError `reference-mirror`, `reference-step` with the failed command and the tail of its output
 */
export async function buildReferenceImages(options: BuildOptions): Promise<ReferenceImages> {
  const { cacheDir = defaultCacheDirectory(), onProgress, signal } = options;
  await mkdir(cacheDir, { recursive: true });
  const state = await mirrorState(join(cacheDir, 'mirror.json'), { onProgress, signal });
  const key = `${(await digestRecipe(recipeDirectory)).slice(0, 12)}-${state.digest.slice(0, 12)}`;
  const directory = join(cacheDir, `images-${key}`);
  const built: ReferenceImages = { directory, formats: referenceFormats(directory) };
  if (await exists(directory)) {
    // Its age is that of its last use; who may not tell has to live with that.
    await utimes(directory, new Date(), new Date()).catch(() => {});
    return built;
  }
  if (machine() !== 'x86_64') {
    throw new UsageError(
      'reference-wrong-host',
      `The reference images are built on an x86_64 host, got ${machine()}; boot your own images with --images.`,
    );
  }
  if (process.getuid?.() !== 0) {
    await buildAsRoot({ cacheDir, onProgress, signal });
    return built;
  }

  const lock = await lockFile(
    join(cacheDir, 'lock'),
    () => onProgress('reference images: another run is building them; waiting for it'),
    signal,
  );
  try {
    if (!(await exists(directory))) await buildInto(directory, state, options);
    return built;
  } finally {
    await lock[Symbol.asyncDispose]();
  }
}

/** Builds all formats and puts them into place at once. Nobody else builds: we hold the lock. */
async function buildInto(
  directory: string,
  state: MirrorState,
  { onProgress, signal }: BuildOptions,
): Promise<void> {
  const cacheDir = dirname(directory);
  // What lies here is of a build that was killed.
  await removeMatching(cacheDir, (name) => name.startsWith(scratchPrefix));
  onProgress('reference images: building, once; this takes some minutes');
  const work = await mkdtemp(join(cacheDir, scratchPrefix));
  const debs = `debs-${state.digest.slice(0, 12)}`;
  const steps = new AbortController();
  try {
    const images = await followRecipe({
      work,
      recipe: recipeDirectory,
      mirror: state.mirror,
      debs: join(cacheDir, debs),
      aptOptions: await aptProxies(),
      onProgress,
      signal: AbortSignal.any([steps.signal, ...(signal === undefined ? [] : [signal])]),
    });
    await rename(images, directory);
  } finally {
    // Steps beside the one that failed are ended too; until they are gone the directory may still fill.
    steps.abort();
    await rm(work, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
  await prune(cacheDir, debs);
}

const defaultCacheDirectory = (): string => join(cacheDirectory(), 'reference');

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function removeMatching(directory: string, matches: (name: string) => boolean): Promise<void> {
  const names = (await readdir(directory)).filter(matches);
  await Promise.all(names.map(async (name) => rm(join(directory, name), { recursive: true, force: true })));
}

/** So long after its last use a run may still boot from a set of images. */
const inUseMilliseconds = 24 * 60 * 60 * 1000;

/** Keeps the two sets of images that were used last, for going back and forth between two branches, and what others use. */
async function prune(cacheDir: string, debs: string): Promise<void> {
  const names = (await readdir(cacheDir)).filter((name) => name.startsWith('images-'));
  const aged = await Promise.all(
    names.map(async (name) => ({ name, age: (await stat(join(cacheDir, name))).mtimeMs })),
  );
  const young = new Set(
    aged
      .sort((a, b) => b.age - a.age)
      .filter(({ age }, index) => index < 2 || Date.now() - age < inUseMilliseconds)
      .map(({ name }) => name),
  );
  await removeMatching(
    cacheDir,
    (name) => (name.startsWith('images-') && !young.has(name)) || (name.startsWith('debs-') && name !== debs),
  );
}

/** The same build as another process under sudo(8). Its standard input closes with us, which ends it. */
async function buildAsRoot({ cacheDir = '', onProgress, signal }: BuildOptions): Promise<void> {
  const possible = await execa('sudo', ['-n', 'true'], { reject: false });
  if (possible.failed)
    throw new UsageError(
      'reference-no-root',
      'Building the reference images installs Debian packages into a directory, which needs root: run this once as root or with a sudo that asks for no password, or boot your own images with --images.',
    );
  const mirror = process.env['BOOT_MATRIX_DEBIAN_MIRROR'];
  const builder = execa(
    'sudo',
    [
      '-n',
      ...(mirror === undefined ? [] : [`BOOT_MATRIX_DEBIAN_MIRROR=${mirror}`]),
      process.execPath,
      import.meta.filename,
      '--cache-dir',
      cacheDir,
      '--supervised',
    ],
    { stdin: 'pipe', ...(signal === undefined ? {} : { cancelSignal: signal }) },
  );
  // Root's process takes no signal from us.
  signal?.addEventListener('abort', () => builder.stdin.end(), { once: true });
  try {
    for await (const line of builder) onProgress(line);
  } catch (error) {
    signal?.throwIfAborted();
    const { stderr } = error as { stderr?: string };
    throw new HostError('reference-build', stderr?.trim() || 'Building the reference images failed.', {
      cause: error,
    });
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { 'cache-dir': { type: 'string' }, supervised: { type: 'boolean', default: false } },
  });
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => controller.abort());
  if (values.supervised)
    process.stdin
      .resume()
      .once('close', () => controller.abort())
      .unref();
  const cacheDir = values['cache-dir'] ?? defaultCacheDirectory();
  const { formats } = await buildReferenceImages({
    cacheDir,
    onProgress: (line) => console.log(line),
    signal: controller.signal,
  });
  const { SUDO_UID: user, SUDO_GID: group } = process.env;
  if (values.supervised && user !== undefined) await runStep('chown', ['-R', `${user}:${group}`, cacheDir]);
  if (!values.supervised) for (const { name, path } of formats) console.log(`${name} ${path}`);
}

if (import.meta.main)
  await main().catch((error: unknown) => {
    if (!(error instanceof BootMatrixError) && !(error instanceof DOMException)) throw error;
    console.error(error.message);
    process.exitCode = error instanceof UsageError ? 2 : 3;
  });
