import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { BootMatrixError, HostError } from '../../errors.ts';
import { cacheDirectory } from '../../cache-directory.ts';
import type { Arch } from '../../images/image.ts';
import { findLeftovers } from '../../machine/process/sweep.ts';
import { measureCapacity, whyTooLarge } from '../../schedule/capacity.ts';
import { chooseAccelerators } from '../host/accelerators.ts';
import { ensureUser } from '../host/ensure-user.ts';
import { type Finding, good } from './finding.ts';

/** Any user may use it from then on, as CI wants it (systemd's own rule gives it to the group kvm). */
const openKvm = `echo 'KERNEL=="kvm", GROUP="kvm", MODE="0666", OPTIONS+="static_node=kvm"' | sudo tee /etc/udev/rules.d/99-kvm4all.rules && sudo udevadm control --reload-rules && sudo udevadm trigger --name-match=kvm`;

/** What mends KVM where its device is not there or not ours to use; nothing where it is, and does not work. */
async function kvmRemedy(): Promise<Finding['remedy']> {
  const code = await access('/dev/kvm', constants.R_OK | constants.W_OK).then(
    () => undefined,
    (error: NodeJS.ErrnoException) => error.code,
  );
  if (code === 'ENOENT') {
    const load =
      'sudo modprobe -a kvm_intel kvm_amd  # virtualisation must be on in the firmware, or for this guest';
    return {
      debian: load,
      fedora: load,
      arch: load,
      nixos: 'boot.kernelModules = [ "kvm-intel" "kvm-amd" ];',
    };
  }
  if (code !== 'EACCES') return undefined;
  const nixos = `users.users.<you>.extraGroups = [ "kvm" ];`;
  return { debian: openKvm, fedora: openKvm, arch: openKvm, nixos };
}

/** Which accelerator each architecture gets, proven by a guest of ours. */
export async function accelerators(archs: readonly Arch[]): Promise<Finding[]> {
  const chosen = await chooseAccelerators(archs, 'auto', { cache: cacheDirectory(), scratch: tmpdir() });
  const remedy = await kvmRemedy();
  return archs.flatMap((arch): Finding[] => {
    const one = chosen[arch];
    const topic = `accelerator for ${arch}`;
    if (one === undefined) return [];
    if (one instanceof HostError) return [{ topic, state: 'lacking', found: one.message }];
    const found = `${one.name}: ${one.reason}`;
    if (one.name !== 'tcg') return [good(topic, found)];
    // Hardware runs guests of its own architecture only.
    const isForeign = arch !== { x64: 'x86_64', arm64: 'aarch64' }[process.arch as string];
    return [
      isForeign
        ? good(topic, found)
        : {
            topic,
            state: 'limited',
            found: `${found} Machines take many times longer so.`,
            ...(remedy === undefined ? {} : { remedy }),
          },
    ];
  });
}

/** The user, memory, disk, and what killed runs left. */
export async function host(): Promise<Finding[]> {
  return [user(), ...(await room()), await leftovers()];
}

function user(): Finding {
  try {
    ensureUser();
    return good('user', 'has a name, which ssh asks for');
  } catch (error) {
    if (!(error instanceof BootMatrixError)) throw error;
    return { topic: 'user', state: 'lacking', found: `${error.message} ${error.hint ?? ''}`.trim() };
  }
}

/** A cell of an installed system and one of a live system, as the format table has them. */
const least = { memoryMiB: 1536 + 256, diskMiB: 1024 };
const live = { memoryMiB: 2048 + 256, diskMiB: 512 };

async function room(): Promise<Finding[]> {
  const capacity = await measureCapacity(tmpdir());
  const found = `${capacity.memoryMiB} MiB of memory and ${capacity.diskMiB} MiB in ${tmpdir()} are free for machines`;
  const tooLarge = whyTooLarge(least, capacity) ?? whyTooLarge(live, capacity);
  if (tooLarge === null) return [good('memory and disk', found)];
  const state = whyTooLarge(least, capacity) === null ? 'limited' : 'lacking';
  return [{ topic: 'memory and disk', state, found: `${found}; a machine ${tooLarge}` }];
}

async function leftovers(): Promise<Finding> {
  const { machines, directories } = await findLeftovers();
  const topic = 'leftovers of killed runs';
  if (machines.length + directories.length === 0) return good(topic, 'none');
  return {
    topic,
    state: 'limited',
    found: `machines ${machines.length}, scratch directories ${directories.join(', ') || 'none'}; the next run removes them`,
  };
}
