import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { HostError } from '../errors.ts';
import type { Arch } from '../images/image.ts';

const packages: Record<Arch, string> = { x86_64: 'qemu-system-x86', aarch64: 'qemu-system-arm' };

/**
 * The absolute path of the QEMU that runs guests of this architecture.
 * @throws HostError `qemu-missing`
 */
export async function qemuBinary(arch: Arch): Promise<string> {
  const name = `qemu-system-${arch}`;
  for (const directory of (process.env['PATH'] ?? '').split(delimiter).filter(Boolean)) {
    const path = join(directory, name);
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  throw new HostError('qemu-missing', `${name} is not on PATH, and ${arch} guests need it.`, {
    hint: `Install it: apt-get install ${packages[arch]}, or nix develop.`,
  });
}

/** The first line of `qemu-system-… --version`. */
export async function qemuVersion(arch: Arch): Promise<string> {
  const binary = await qemuBinary(arch);
  const { stdout } = await execa(binary, ['--version']).catch((error: unknown) => {
    throw new HostError('qemu-broken', `${binary} --version failed.`, { cause: error });
  });
  return stdout.split('\n', 1)[0] ?? '';
}
