import { UsageError } from '../errors.ts';

/*
 * The ways in which a path is not an image that can be booted. `image-unknown` and `image-other-kind` are told apart
 * since a directory may hold such files (checksums, logs; archives, kernels) beside its images.
 */

/** Nothing that an image could be. */
export const unknownImage = (path: string, got: string): UsageError =>
  new UsageError(
    'image-unknown',
    `${path}: expected a disk image, an ISO or a netboot set, got ${got}; give the path of a built image.`,
  );

/** An image, but no machine starts it as it is; `todo` is an imperative, e.g. `install a boot loader on it`. */
export const notBootable = (path: string, got: string, todo: string): UsageError =>
  withoutBoot('image-not-bootable', path, got, todo);

/** A file of a known kind, which an image may have come in or be made of; `todo` is an imperative, e.g. `decompress it first`. */
export const otherKind = (path: string, got: string, todo: string): UsageError =>
  withoutBoot('image-other-kind', path, got, todo);

const withoutBoot = (code: string, path: string, got: string, todo: string): UsageError =>
  new UsageError(code, `${path}: expected an image that a machine can boot, got ${got}; ${todo}.`);

/** An image whose bytes are not all there or not as they should be. */
export const damagedImage = (
  path: string,
  expected: string,
  got: string,
  todo = 'build or download it again',
): UsageError => new UsageError('image-damaged', `${path}: expected ${expected}, got ${got}; ${todo}.`);

/** An image that would make the host open something else than its own bytes. */
export const unsafeImage = (path: string, got: string, todo: string): UsageError =>
  new UsageError(
    'image-unsafe',
    `${path}: expected an image that is complete in itself, got ${got}; ${todo}.`,
  );

/** An image that another process writes to, or may: what is tested now need not be what is there later. */
export const imageInUse = (path: string): UsageError =>
  new UsageError(
    'image-in-use',
    `${path}: expected an image that nobody writes to, got one that another process has open, as a running QEMU does, so that it may change; shut that machine down, or test a copy.`,
  );

/** An image whose last user did not close it: nothing need be lost. */
export const notClosed = (path: string, got: string, driver: string): UsageError =>
  new UsageError(
    'image-not-closed',
    `${path}: expected an image that was closed in order, got ${got}; mend it: qemu-img check -r all -f ${driver}.`,
  );

/** A file that the host does not let us read. */
export const unreadable = (path: string, cause: unknown): UsageError =>
  new UsageError(
    'image-unreadable',
    `${path}: expected a file or directory that can be read, got ${cause instanceof Error && 'code' in cause ? String(cause.code) : 'an error'}; check its permissions.`,
    { cause },
  );

/** A name in a directory that leads to no file that could be looked at; `todo` is an imperative. */
export const notLookedAt = (path: string, got: string, todo: string): UsageError =>
  new UsageError('image-not-looked-at', `${path}: expected a file that can be read, got ${got}; ${todo}.`);

/** All that is wrong with the images of one call, a line each. */
export function allRefused(errors: readonly UsageError[]): UsageError {
  const [first] = errors;
  if (errors.length === 1 && first !== undefined) return first;
  const lines = errors.map(({ message }) => message.replaceAll('\n', ' '));
  return new UsageError('images-refused', [...new Set(lines)].join('\n'), { cause: first });
}
