import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { mmdebstrapArgs } from './bootstrap.ts';
import { runContained, runStep } from './command.ts';
import { formatPaths } from './formats.ts';
import {
  essentialPackages,
  preferences,
  systemPackages,
  toolPackages,
  type Architecture,
} from './packages.ts';

/** What a build needs to know. */
export interface Recipe {
  /** Empty directory to build in. */
  work: string;
  recipe: string;
  mirror: string;
  /** Directory of .deb files that outlives the build. */
  debs: string;
  aptOptions: readonly string[];
  onProgress: (line: string) => void;
  signal?: AbortSignal | undefined;
}

const consoles: Record<Architecture, string> = {
  x86_64: 'console=tty0 console=ttyS0,115200',
  aarch64: 'console=tty0 console=ttyAMA0,115200',
};
const chrootPath = '/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Builds every format into `work/images`. One chroot holds the tools, and inside of it one root file system per
 * architecture, so that nothing has to be mounted and the host's own tools do not matter.
 * @returns the directory of the images
 */
export async function followRecipe(build: Recipe): Promise<string> {
  const { work, recipe, onProgress, signal } = build;
  const tools = join(work, 'tools');
  const images = join(work, 'images');
  const env = { RECIPE: recipe };
  const preferencesFile = join(work, 'preferences');
  await Promise.all([
    mkdir(images),
    mkdir(build.debs, { recursive: true }),
    writeFile(preferencesFile, preferences),
  ]);

  const announced = async <T>(what: string, step: Promise<T>): Promise<T> => {
    const start = performance.now();
    const result = await step;
    onProgress(`reference images: ${what} (${((performance.now() - start) / 1000).toFixed(0)} s)`);
    return result;
  };

  const bootstrap = async (
    name: string,
    options: Pick<
      Parameters<typeof mmdebstrapArgs>[0],
      'variant' | 'architecture' | 'packages' | 'files' | 'finish'
    >,
  ) => {
    const target = join(work, name);
    const { mirror, debs, aptOptions } = build;
    try {
      await runContained('mmdebstrap', mmdebstrapArgs({ ...options, target, mirror, debs, aptOptions }), {
        signal,
        env,
      });
    } finally {
      // Kept also of a step that failed, so that the next one downloads less.
      const cache = join(target, 'var/cache/apt');
      await runStep('sh', [
        '-c',
        'cp -aln "$1"/archives/*.deb "$2"; rm -rf "$1"/archives "$1"/*.bin; mkdir -p "$1"/archives/partial',
        '--',
        cache,
        debs,
      ]).catch(() => undefined);
    }
  };
  const system = async (architecture: Architecture) => {
    const installed = architecture === 'x86_64';
    return bootstrap(architecture, {
      variant: installed ? 'minbase' : 'extract',
      architecture,
      packages: [...systemPackages(architecture), ...(installed ? [] : essentialPackages)],
      files: {
        '/etc/apt/preferences.d/kmscon': preferencesFile,
        '/etc/dracut.conf.d/reference.conf': join(recipe, 'system/etc/dracut.conf.d/reference.conf'),
      },
      ...(installed ? { finish: 'sh "$RECIPE/steps/configure.sh" "$1"' } : {}),
    });
  };
  const inTools = async (script: string, ...args: string[]) =>
    runContained('chroot', [tools, 'bash', `/recipe/steps/${script}`, ...args], {
      signal,
      env: { ...env, PATH: chrootPath, TMPDIR: '/tmp' },
    });
  const disks = async (architecture: Architecture) =>
    inTools('disk.sh', `/${architecture}`, architecture, consoles[architecture], `/out/${architecture}`);
  const toQcow2 = async (raw: string, format: keyof typeof formatPaths) => {
    const target = join(images, formatPaths[format]);
    await mkdir(dirname(target), { recursive: true });
    await runStep('qemu-img', ['convert', '-O', 'qcow2', join(tools, 'out', raw), target], { signal });
    await rm(join(tools, 'out', raw));
  };
  const place = async (file: string, target: string) => {
    await mkdir(dirname(join(images, target)), { recursive: true });
    await rename(join(tools, 'out/live', file), join(images, target));
  };

  const arm64 = announced('arm64 packages unpacked', system('aarch64'));
  arm64.catch(() => undefined);
  await Promise.all([
    announced('x86_64 system installed', system('x86_64')),
    announced(
      'tools unpacked',
      bootstrap('tools', { variant: 'extract', architecture: 'x86_64', packages: toolPackages, files: {} }),
    ),
  ]);
  await cp(recipe, join(tools, 'recipe'), { recursive: true });
  await rename(join(work, 'x86_64'), join(tools, 'x86_64'));

  const x86Disks = async () => {
    await announced('x86_64 disks', disks('x86_64'));
    await toQcow2('x86_64/bios.raw', 'qemu');
    await toQcow2('x86_64/bios-silent.raw', 'qemu-silent');
    await toQcow2('x86_64/efi.raw', 'qemu-efi');
    await toQcow2('x86_64/efi-silent.raw', 'qemu-efi-silent');
  };
  const live = async () => {
    await announced('ISO and netboot', inTools('live.sh', '/x86_64', consoles.x86_64, '/out/live'));
    await place('nixos-installer.iso', formatPaths['iso-installer']);
    await place('nixos-installer-silent.iso', formatPaths['iso-installer-silent']);
    for (const file of ['bzImage', 'initrd', 'netboot.ipxe', 'netboot-silent.ipxe'])
      await place(file, join(formatPaths.netboot, file));
  };
  const armDisk = async () => {
    await arm64;
    await rename(join(work, 'aarch64'), join(tools, 'aarch64'));
    await announced('arm64 system finished', inTools('arm64.sh', '/x86_64', '/aarch64'));
    await announced('arm64 disk', disks('aarch64'));
    await toQcow2('aarch64/efi.raw', 'qemu-efi-aarch64');
    await toQcow2('aarch64/efi-silent.raw', 'qemu-efi-aarch64-silent');
  };
  // The disk of x86_64 puts GRUB's menu into the root file system that the others read: it goes first.
  await x86Disks();
  await Promise.all([live(), armDisk()]);
  await writeFile(join(images, 'packages.txt'), await installedPackages(join(tools, 'x86_64')));
  return images;
}

async function installedPackages(root: string): Promise<string> {
  const status = await readFile(join(root, 'var/lib/dpkg/status'), 'utf8');
  return status
    .split('\n\n')
    .map((block) => [/^Package: (.*)$/m.exec(block)?.[1], /^Version: (.*)$/m.exec(block)?.[1]])
    .filter(([name]) => name !== undefined)
    .map((pair) => `${pair.join(' ')}\n`)
    .join('');
}
