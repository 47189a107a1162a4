import { join } from 'node:path';
import { HostError } from '../../errors.ts';
import type { AcceleratorReport } from '../../events.ts';
import type { Arch } from '../../images/image.ts';
import { chooseAccelerator } from '../../machine/accelerator.ts';
import type { AcceleratorName } from '../../machine/board/description.ts';

/** Which accelerator each guest architecture gets, each proven by a guest of ours; or why it gets none. */
export async function chooseAccelerators(
  archs: readonly Arch[],
  requested: 'auto' | AcceleratorName,
  { cache, scratch }: { cache: string; scratch: string },
): Promise<Partial<Record<Arch, AcceleratorReport | HostError>>> {
  const cacheDir = join(cache, 'accelerator');
  const chosen = await Promise.all(
    archs.map(async (arch) => {
      const choice = chooseAccelerator(arch, requested, { cacheDir, scratch });
      return [arch, await choice.catch(asHostError)] as const;
    }),
  );
  return Object.fromEntries(chosen);
}

function asHostError(error: unknown): HostError {
  if (error instanceof HostError) return error;
  throw error;
}
