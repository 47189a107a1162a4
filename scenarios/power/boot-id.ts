import type { Guest } from '../../harness/console/guest.ts';
import { run } from '../guest-script.ts';

/** The kernel's name for this one boot (random(4)); empty where there is none. */
export async function bootId(guest: Guest): Promise<string> {
  const { output } = await run(guest, 'cat /proc/sys/kernel/random/boot_id');
  return /^[0-9a-f-]{36}\r?$/m.exec(output)?.[0].trim() ?? '';
}
