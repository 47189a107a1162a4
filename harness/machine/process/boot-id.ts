import { readFile } from 'node:fs/promises';
import { execa } from 'execa';

/** What tells one boot of the host from another. */
export async function bootId(): Promise<string> {
  if (process.platform === 'darwin') return (await execa('sysctl', ['-n', 'kern.bootsessionuuid'])).stdout;
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
}
