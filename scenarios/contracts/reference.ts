import { readFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import type { Contract } from './contract.ts';
import { nixosImages } from './nixos-images.ts';

/** The contract of nixos-images for the reference images: their key is ours, and serial logs root in on every format. */
export async function referenceContract(): Promise<Contract> {
  const root = dirname(findPackageJSON('..', import.meta.url) ?? '.');
  const privateKey = join(root, 'reference/ssh/reference_images_only');
  const authorizedKey = (await readFile(`${privateKey}.pub`, 'utf8')).trim();
  return {
    ...nixosImages,
    name: 'reference',
    autologin: { screen: 'root', serial: { default: 'root' } },
    sshd: { user: 'root', authorizedKey, privateKey, permitRootLogin: 'yes' },
  };
}
