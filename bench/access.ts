import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dir } from 'tmp-promise';
import type { RunEvent } from '../harness/events.ts';
import { referenceContract } from '../scenarios/contracts/systems/reference.ts';
import { median, type Result } from './result.ts';
import { runCells } from './run-cells.ts';

/** Boots one image and its silent twin, and that once more without a key: in by serial, by SSH and by keys. */
export async function access(): Promise<Result[]> {
  const { path, cleanup } = await dir({ prefix: 'bm-bench', unsafeCleanup: true });
  try {
    const contract = await referenceContract();
    const { authorizedKey, user, permitRootLogin } = contract.sshd ?? {};
    const keyless = join(path, 'contract.json');
    await writeFile(
      keyless,
      JSON.stringify({
        ...contract,
        autologin: { ...contract.autologin, serial: {} },
        sshd: { authorizedKey, user, permitRootLogin },
      }),
    );
    const bios = 'qemu.x86_64.bios.disk';
    return accessTimes([
      ...(await runCells([bios, `${bios}.silent`])),
      ...(await runCells([`${bios}.silent`, '--contract', keyless])),
    ]);
  } finally {
    await cleanup();
  }
}

/** How long each way in takes from the first sign that the guest lets people in to the first command that it answered. */
function accessTimes(events: readonly RunEvent[]): Result[] {
  const entries = events.filter((event) => event.type === 'access');
  return [...Map.groupBy(entries, ({ access }) => access)].flatMap(([access, group]) => {
    const waits = group.flatMap(({ waited }) => waited ?? []);
    if (waits.length === 0) return [];
    const [least, most] = [Math.min(...waits), Math.max(...waits)].map((one) => one.toFixed(1));
    return {
      name: `from a getty's or an SSH server's first words to the first command by ${access}`,
      value: median(waits),
      unit: 's' as const,
      of: `median of ${waits.length} cells, ${least} to ${most} s`,
    };
  });
}
