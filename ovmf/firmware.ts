import { readFile, readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HostError } from '../harness/errors.ts';
import { homeDirectory } from '../harness/home-directory.ts';
import { shortageOf } from '../harness/shortage.ts';
import { readDescriptor, type Firmware } from './descriptor.ts';

const packages: Record<string, string> = { x86_64: 'ovmf', aarch64: 'qemu-efi-aarch64' };

interface Options {
  /** Path of the QEMU that will run; its own prefix is searched too, which finds Nix' and Homebrew's. */
  qemuBinary?: string;
  /** Where to look, strongest first. @default `descriptorDirectories` */
  directories?: readonly string[];
  /** Told of each descriptor that is skipped since it cannot be read. @default silent */
  onSkipped?: (notice: string) => void;
}

/**
 * The UEFI firmware for a kind of machine, by the host's firmware descriptors: the first that fits, in the order that
 * QEMU's docs/interop/firmware.json lays down.
 * @param architecture as QEMU names it, e.g. `x86_64`.
 * @param machineType without the version: `pc-q35`, `virt`.
 * @throws HostError `firmware-missing` names the package.
 */
export async function findFirmware(
  architecture: string,
  machineType: string,
  options: Options = {},
): Promise<Firmware> {
  const directories = options.directories ?? (await descriptorDirectories(options.qemuBinary));
  for (const path of await listDescriptors(directories)) {
    try {
      const firmware = readDescriptor(await readFile(path, 'utf8'), architecture, machineType);
      if (firmware === null) continue;
      // One after the other, so that the notice names the same file each time.
      await stat(firmware.code);
      await stat(firmware.variables);
      return firmware;
    } catch (error) {
      const shortage = shortageOf(error);
      if (shortage !== null) throw shortage;
      options.onSkipped?.(`Firmware descriptor ${path} is skipped: ${(error as Error).message}`);
    }
  }
  const message = `No UEFI firmware for ${architecture} guests: no usable descriptor in ${directories.join(', ')}.`;
  const hint = `Install it: apt-get install ${packages[architecture] ?? 'ovmf'}, or nix develop.`;
  throw new HostError('firmware-missing', message, { hint });
}

/** Directories of descriptors, strongest first: the user's, the administrator's, then those of QEMU and the system. */
async function descriptorDirectories(qemuBinary?: string): Promise<string[]> {
  const configuration = process.env['XDG_CONFIG_HOME'] || join(homeDirectory(), '.config');
  // `/nix/store/…-qemu/bin/qemu-system-x86_64` and `/opt/homebrew/bin/…` (a link into the Cellar) bring their own.
  const prefixes =
    qemuBinary === undefined
      ? []
      : [qemuBinary, await realpath(qemuBinary)].map((path) => dirname(dirname(path)));
  const directories = [
    join(configuration, 'qemu/firmware'),
    '/etc/qemu/firmware',
    ...prefixes.map((prefix) => join(prefix, 'share/qemu/firmware')),
    '/usr/share/qemu/firmware',
  ];
  return [...new Set(directories)];
}

/**
 * The descriptors in the order of their names, where a name in a stronger directory hides the same name in a weaker
 * one, and an empty file hides without replacing.
 */
async function listDescriptors(directories: readonly string[]): Promise<string[]> {
  const byName = new Map<string, string>();
  for (const directory of directories) {
    const names = await readdir(directory).catch(() => []);
    for (const name of names.filter((one) => one.endsWith('.json') && !byName.has(one))) {
      byName.set(name, join(directory, name));
    }
  }
  const paths = [...byName.keys()].toSorted().map((name) => byName.get(name) ?? '');
  const sizes = await Promise.all(
    paths.map(async (path) => (await stat(path).catch(() => ({ size: 0 }))).size),
  );
  return paths.filter((_, index) => sizes[index] !== 0);
}
