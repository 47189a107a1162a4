import { mkdir, rm, writeFile } from 'node:fs/promises';
import { execa } from 'execa';
import { referenceContract } from '../../scenarios/contracts/systems/reference.ts';
import { cliPath } from '../cli.ts';

/** Only ends what hangs. Milliseconds. */
const longest = 20 * 60_000;

/** What the reference images promise, that they come up, and that whatever differs counts. */
export async function writeContract(file: string): Promise<void> {
  const contract = await referenceContract();
  await writeFile(
    file,
    JSON.stringify({
      ...contract,
      name: 'differences',
      system: { target: 'multi-user.target' },
      differences: { drift: 'fail' },
    }),
  );
}

export interface Boot {
  cell: string;
  image: string;
  contract: string;
  out: string;
  /** The report of the sound image. @default it is compared with nothing */
  baseline?: string;
  signal: AbortSignal;
}

/** Runs the real command line as a maintainer would, with the one check that lets inventories be taken after the boot. */
export async function boot({ cell, image, contract, out, baseline, signal }: Boot): Promise<void> {
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const args = [cell, '--check', 'system', '--contract', contract, '-j', '1', '--out', out];
  if (baseline !== undefined) args.push('--baseline', baseline);
  const { exitCode, stderr } = await execa(process.execPath, [cliPath, ...args, '--images', image], {
    reject: false,
    stdin: 'ignore',
    timeout: longest,
    forceKillAfterDelay: 30_000,
    cancelSignal: signal,
    env: { NO_COLOR: '1' },
  });
  signal.throwIfAborted();
  if (exitCode === 2 || exitCode === undefined) throw new Error(`nothing was booted: ${stderr}`);
}
