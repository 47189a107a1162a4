import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { HostError, UsageError } from '../harness/errors.ts';
import { runStep } from './command.ts';
import { releases } from './packages.ts';

const aptHelper = '/usr/lib/apt/apt-helper';
const freshFor = 24 * 60 * 60 * 1000;
const format = '$(REPO_URI)|$(ORIGIN)|$(LABEL)';

/** Names a mirror in place of apt's. */
const mirrorVariable = 'BOOT_MATRIX_DEBIAN_MIRROR';

const stateSchema = z.object({ mirror: z.string(), checkedAt: z.number(), digest: z.string() });

/** A package mirror, and a digest of its InRelease files: they name every index by hash, so they fix all versions. */
export type MirrorState = z.infer<typeof stateSchema>;

/**
 * Picks Debian's main archive out of `apt-get indextargets --format '$(REPO_URI)|$(ORIGIN)|$(LABEL)'`. Before the first
 * `apt-get update` apt knows no origin: then the path decides.
 */
export function pickMirror(indexTargets: string): string | undefined {
  const targets = indexTargets
    .split('\n')
    .map((line) => line.split('|'))
    .filter(([uri]) => uri?.startsWith('cdrom:') === false);
  const known = targets.find(([, origin, label]) => origin === 'Debian' && label === 'Debian');
  const likely = targets.find(([uri, origin]) => origin === '' && /\/debian(?:\.list|\/)?$/.test(uri ?? ''));
  return (known ?? likely)?.[0];
}

/** The first mirror of a list, which Debian's cloud images name (apt-transport-mirror(1)); any other URI as it is. */
export async function firstOfList(uri: string): Promise<string | undefined> {
  const list = /^mirror\+file:(?:\/\/)?(\/.*)$/.exec(uri)?.[1];
  if (list === undefined) return uri;
  const lines = (await readFile(list, 'utf8').catch(() => '')).split('\n');
  return lines.map((line) => line.trim().split(/\s+/)[0]).find((one) => one?.match(/^https?:/));
}

/** The mirror that apt on this machine uses, or `BOOT_MATRIX_DEBIAN_MIRROR`; undefined where apt names none. */
export async function findMirror(): Promise<string | undefined> {
  const named = process.env[mirrorVariable];
  if (named !== undefined && named !== '') return named;
  const { stdout } = await execa('apt-get', ['indextargets', '--format', format, 'Created-By: Packages'], {
    reject: false,
  });
  const picked = pickMirror(stdout ?? '');
  return picked === undefined ? undefined : firstOfList(picked);
}

/** The proxies of the host's apt, as lines of apt.conf(5), since mmdebstrap starts from an empty configuration. */
export async function aptProxies(): Promise<string[]> {
  const { stdout } = await execa('apt-config', ['dump', '--format', '%f "%v"%n'], { reject: false });
  return (stdout ?? '').split('\n').filter((line) => /^Acquire::.*proxy.* ".+"$/i.test(line));
}

async function fetchDigest(mirror: string, signal: AbortSignal | undefined): Promise<string> {
  const directory = await mkdtemp('/tmp/boot-matrix-mirror-');
  const hash = createHash('sha256');
  try {
    for (const release of releases) {
      const file = join(directory, release);
      const source = `${mirror.replace(/\/$/, '')}/dists/${release}/InRelease`;
      const options = ['-o', 'Acquire::http::Timeout=15', '-o', 'Acquire::Retries=1'];
      await runStep(aptHelper, [...options, 'download-file', source, file], { signal });
      hash.update(await readFile(file));
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
  return hash.digest('hex');
}

/**
 * The state of the mirror, at most a day old; when the mirror cannot be reached, the last known one.
 * @param file - where it is kept between runs
 * @throws HostError `reference-mirror` when there is neither
 */
export async function mirrorState(
  file: string,
  { onProgress, signal }: { onProgress: (line: string) => void; signal?: AbortSignal | undefined },
): Promise<MirrorState> {
  const known = await readFile(file, 'utf8')
    .then((text) => stateSchema.parse(JSON.parse(text)))
    .catch(() => undefined);
  const isFresh = known !== undefined && Math.abs(Date.now() - known.checkedAt) < freshFor;
  if (isFresh && [known.mirror, undefined, ''].includes(process.env[mirrorVariable])) return known;
  try {
    const mirror = await findMirror();
    if (mirror === undefined)
      throw new UsageError(
        'reference-no-mirror',
        'The reference images are built from Debian packages, but apt on this machine names no Debian mirror; set BOOT_MATRIX_DEBIAN_MIRROR to the URL of one, or boot your own images with --images.',
      );
    const state = { mirror, checkedAt: Date.now(), digest: await fetchDigest(mirror, signal) };
    const temporary = `${file}.${process.pid}`;
    await writeFile(temporary, JSON.stringify(state));
    await rename(temporary, file);
    return state;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof UsageError && known === undefined) throw error;
    if (known === undefined)
      throw new HostError('reference-mirror', 'The Debian mirror that apt names cannot be reached.', {
        hint: 'Connect to it once, or set BOOT_MATRIX_DEBIAN_MIRROR to the URL of another.',
        cause: error,
      });
    onProgress(
      'reference images: the Debian mirror cannot be asked for newer packages; what is here is used',
    );
    return known;
  }
}
