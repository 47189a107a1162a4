import { readFile } from 'node:fs/promises';
import { privateKeyPath, publicKeyPath } from '../../../reference/paths.ts';
import type { Contract } from '../contract.ts';
import { nixosImages } from './nixos-images.ts';

/**
 * The contract of nixos-images for the reference images: their key is ours, and serial logs root in on every format, but
 * for the silent twins.
 */
export async function referenceContract(): Promise<Contract> {
  const authorizedKey = (await readFile(publicKeyPath, 'utf8')).trim();
  return {
    ...nixosImages,
    name: 'reference',
    autologin: { screen: 'root', serial: { default: 'root', silent: null } },
    sshd: { user: 'root', authorizedKey, privateKey: privateKeyPath, permitRootLogin: 'yes' },
    // Debian has the font without the icons.
    console: { kmsconFont: 'JetBrains Mono' },
    // What the platforms bring is known from some of their boots only: what more there is must be seen, and fails nothing yet.
    differences: { drift: 'warn' },
  };
}
