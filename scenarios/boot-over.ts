import type { Guest } from '../harness/console/guest.ts';
import { run } from './guest-script.ts';

/** Whether systemd has started all that it was to start: what is not there now will not come by itself. */
export async function isBootOver(guest: Guest): Promise<boolean> {
  const { output } = await run(guest, 'systemctl is-system-running');
  return /^(running|degraded|maintenance)\r?$/m.test(output);
}
