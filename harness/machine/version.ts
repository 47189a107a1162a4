import { execa } from 'execa';
import { HostError } from '../errors.ts';
import type { Arch } from '../images/image.ts';
import { shortageOf } from '../shortage.ts';
import { onPath } from './process/on-path.ts';

const packages: Record<Arch, string> = { x86_64: 'qemu-system-x86', aarch64: 'qemu-system-arm' };

/**
 * The absolute path of the QEMU that runs guests of this architecture.
 * @throws HostError `qemu-missing`
 */
export async function qemuBinary(arch: Arch): Promise<string> {
  const name = `qemu-system-${arch}`;
  const path = await onPath(name);
  if (path !== null) return path;
  throw new HostError('qemu-missing', `${name} is not on PATH, and ${arch} guests need it.`, {
    hint: `Install it: apt-get install ${packages[arch]}, or nix develop.`,
  });
}

/** `-screendump` in PNG came with it. */
const oldest = { major: 7, minor: 1 };

/**
 * Like `qemuBinary`, and that QEMU is new enough.
 * @throws HostError `qemu-missing`, `qemu-broken`, `qemu-too-old`
 */
export async function usableQemu(arch: Arch): Promise<string> {
  const [binary, version] = await Promise.all([qemuBinary(arch), qemuVersion(arch)]);
  const [, major = Infinity, minor = 0] = /version (\d+)\.(\d+)/.exec(version)?.map(Number) ?? [];
  if (major > oldest.major || (major === oldest.major && minor >= oldest.minor)) return binary;
  const wanted = `QEMU ${oldest.major}.${oldest.minor} or newer`;
  throw new HostError('qemu-too-old', `Expected ${wanted}, got ${version} (${binary}).`, {
    hint: `Install a newer ${packages[arch]}, or put one first on PATH; nix develop has one.`,
  });
}

/** The first line of `qemu-system-… --version`. */
export async function qemuVersion(arch: Arch): Promise<string> {
  const binary = await qemuBinary(arch);
  const { stdout } = await execa(binary, ['--version']).catch((error: unknown) => {
    throw shortageOf(error) ?? new HostError('qemu-broken', `${binary} --version failed.`, { cause: error });
  });
  return stdout.split('\n', 1)[0] ?? '';
}
