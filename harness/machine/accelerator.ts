import { open, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HostError } from '../errors.ts';
import type { AcceleratorReport } from '../events.ts';
import type { Arch } from '../images/image.ts';
import type { AcceleratorName } from './board/description.ts';
import { bootId } from './process/boot-id.ts';
import { prove, type Proof } from './probe/prove.ts';
import { readProofs, writeProofs } from './probe/proofs.ts';
import { usableQemu } from './version.ts';

/**
 * CPU seconds of the calibration under QEMU 7.2's TCG on the reference machine, a server core of 2023: what
 * `slowness` 1 means. Both guests are made to take the same there.
 */
const referenceSeconds = 0.6;
/** Disks and timers do not get faster with the processor: no budget shrinks below this share. */
const leastSlowness = 0.1;

/** Seconds that a test guest may take. Hardware needs a fraction of one; emulation runs on slow and busy hosts too. */
const limitSeconds: Record<AcceleratorName, number> = { kvm: 5, hvf: 5, tcg: 60 };

/**
 * Chooses the fastest accelerator that has booted a guest on this host, now or earlier since the host booted.
 * @param requested `auto` falls back to TCG and says why; any other is taken or refused.
 * @param options.cacheDir where the proofs are kept; created when missing.
 * @param options.scratch directory for the test guests' files. @default the system's for temporary files
 * @throws HostError `accelerator-unusable`
 */
export async function chooseAccelerator(
  arch: Arch,
  requested: AcceleratorName | 'auto',
  options: Places,
): Promise<AcceleratorReport> {
  const wanted: AcceleratorName[] =
    requested === 'auto' ? [...hardwareOf(process.platform), 'tcg'] : [requested];
  const proofs = await collectProofs(arch, wanted, options);
  const failures: string[] = [];
  for (const name of wanted) {
    const result = proofs[name];
    if (result === undefined) continue;
    if ('seconds' in result) return report(name, result.seconds, failures);
    failures.push(`${name} is unusable: ${result.failure}`);
  }
  throw new HostError('accelerator-unusable', `For ${arch} guests ${failures.join('; ')}.`, {
    hint:
      requested === 'tcg'
        ? 'Check that this QEMU runs at all.'
        : 'Use --accel auto, which falls back to emulation.',
  });
}

const hardwareOf = (platform: NodeJS.Platform): AcceleratorName[] =>
  platform === 'linux' ? ['kvm'] : platform === 'darwin' ? ['hvf'] : [];

function report(name: AcceleratorName, seconds: number, failures: readonly string[]): AcceleratorReport {
  const slowness = Math.max(leastSlowness, Number((seconds / referenceSeconds).toFixed(2)));
  const booted = `${name} booted a test guest`;
  return {
    name,
    slowness,
    reason: failures.length === 0 ? `${booted}.` : `${failures.join('; ')}; ${booted}.`,
  };
}

type Proofs = Partial<Record<AcceleratorName, Proof>>;

interface Places {
  cacheDir: string;
  scratch?: string;
}

/** The proofs for what is wanted: what cannot be tried at all, what is known, and the rest tried side by side. */
async function collectProofs(
  arch: Arch,
  wanted: readonly AcceleratorName[],
  { cacheDir, scratch = tmpdir() }: Places,
): Promise<Proofs> {
  const binary = await usableQemu(arch);
  const { mtimeMs } = await stat(binary);
  const file = join(cacheDir, `accelerator-${arch}.json`);
  const key = [await bootId(), binary, mtimeMs].join(' ');
  const known = await readProofs(file, key);
  const fresh: Proofs = {};
  const obstacles: Proofs = {};
  await Promise.all(
    wanted.map(async (name) => {
      const obstacle = await findObstacle(arch, name);
      if (obstacle !== undefined) obstacles[name] = { failure: obstacle };
      else if (known[name] === undefined) {
        fresh[name] = await prove(arch, name, binary, { limitSeconds: limitSeconds[name], scratch });
      }
    }),
  );
  // A TCG that fails is a QEMU that somebody is about to mend.
  const { tcg = known.tcg, ...others } = fresh;
  const isSound = tcg !== undefined && 'seconds' in tcg;
  if (Object.keys(fresh).length > 0) {
    const proofs = { ...known, ...others, ...(isSound ? { tcg } : {}) };
    // What cannot be kept is proven again.
    await writeProofs(file, key, proofs).catch(() => {});
  }
  return { ...known, ...fresh, ...obstacles };
}

const hostArchitectures: Partial<Record<NodeJS.Architecture, Arch>> = { x64: 'x86_64', arm64: 'aarch64' };

/** Why an accelerator need not even be tried. It may go away without a reboot, so it is looked at each time. */
async function findObstacle(arch: Arch, name: AcceleratorName): Promise<string | undefined> {
  if (name === 'tcg') return undefined;
  if (!hardwareOf(process.platform).includes(name)) return `it does not exist on ${process.platform}`;
  if (hostArchitectures[process.arch] !== arch) return `this host's processor is ${process.arch}`;
  if (name === 'hvf') return undefined;
  try {
    await (await open('/dev/kvm', 'r+')).close();
    return undefined;
  } catch (error) {
    const isDenied = (error as NodeJS.ErrnoException).code === 'EACCES';
    return isDenied ? 'you may not open /dev/kvm (is the user in group kvm?)' : 'there is no usable /dev/kvm';
  }
}
