import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';

/** The recipe's files, also when this runs compiled from another directory. */
export const recipeDirectory = join(dirname(findPackageJSON('..', import.meta.url) ?? '.'), 'reference');

/**
 * Private half of the one key that the reference images let in. For these test images only. ssh refuses a key that
 * others can read, which git cannot prevent: copy it to a file with mode 0600.
 */
export const privateKeyPath = join(recipeDirectory, 'ssh/reference_images_only');

/** Public half, the one line of root's authorized_keys. */
export const publicKeyPath = `${privateKeyPath}.pub`;

/** The keys that Debian signs its archive with. */
export const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
