import type { Guest } from '../../harness/console/guest.ts';
import { BootMatrixError } from '../../harness/errors.ts';
import { run } from '../guest-script.ts';
import { stopJobs } from './stop-jobs.ts';

const answerSeconds = 20;

/** How systemd is, what it still does, and what becomes of the power button (systemd-logind(8)). */
const stateScript = `
echo "system $(systemctl is-system-running)"
systemctl list-jobs --no-legend
echo "logind $(systemctl is-active systemd-logind.service)"
busctl get-property org.freedesktop.login1 /org/freedesktop/login1 org.freedesktop.login1.Manager HandlePowerKey
systemd-inhibit --list --no-legend`;

/**
 * Why a guest is still up that was asked to go down, as the end of a sentence. What it says itself goes into the
 * evidence.
 * @param console what it said on serial meanwhile
 */
export async function explainRefusal(guest: Guest, console: string): Promise<string> {
  guest.note({
    action: 'the console since then',
    observed: console.trim().split('\n').slice(-20).join('\n') || 'nothing',
    access: 'serial',
  });
  guest.note(await guest.screenshot('still-up'));
  const state = await askState(guest);
  const jobs = stopJobs({ console, jobs: state ?? '' });
  if (jobs.length > 0) return `stop job ${jobs.join(', ')}`;
  if (state === null) return 'nothing answers any more, and the console names no stop job';
  const system = /^system (\S+)\r?$/m.exec(state)?.[1] ?? 'unknown';
  const reasons = [`systemd is ${system}`];
  const logind = /^logind (\S+)\r?$/m.exec(state)?.[1];
  if (logind !== undefined && logind !== 'active') reasons.push(`systemd-logind is ${logind}`);
  const handling = /^s "([\w-]+)"\r?$/m.exec(state)?.[1];
  if (handling !== undefined && handling !== 'poweroff') reasons.push(`HandlePowerKey is ${handling}`);
  return reasons.join(', ');
}

/** What the guest says of itself; null where it does not answer any more. */
async function askState(guest: Guest): Promise<string | null> {
  try {
    const { output } = await run(guest, stateScript, answerSeconds);
    guest.note({
      action: 'state of the guest',
      observed: output.trim(),
      access: guest.shell.access,
    });
    return output;
  } catch (error) {
    if (!(error instanceof BootMatrixError)) throw error;
    guest.signal.throwIfAborted();
    guest.note({
      action: 'ask the guest for its state',
      observed: error.message,
      access: guest.shell.access,
    });
    return null;
  }
}
