import { join } from 'node:path';
import type { AcceleratorReport } from '../events.ts';
import type { Arch } from '../images/image.ts';
import { chooseAccelerator } from '../machine/accelerator.ts';
import type { AcceleratorName } from '../machine/description.ts';

/** Which accelerator each guest architecture gets, each proven by a guest of ours. */
export async function chooseAccelerators(
  archs: readonly Arch[],
  requested: 'auto' | AcceleratorName,
  { cache, scratch }: { cache: string; scratch: string },
): Promise<Partial<Record<Arch, AcceleratorReport>>> {
  const cacheDir = join(cache, 'accelerator');
  const chosen = await Promise.all(
    archs.map(
      async (arch) => [arch, await chooseAccelerator(arch, requested, { cacheDir, scratch })] as const,
    ),
  );
  return Object.fromEntries(chosen);
}
