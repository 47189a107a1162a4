import type { Guest } from '../harness/console/guest.ts';
import { runAsRoot } from './guest-script.ts';

/** Seconds that a boot which has let us in may still go on: what comes up until then is what the system is. */
const bootSeconds = 120;

/** Waits until systemd has started all that it was to start, or for as long as that may take. */
const untilBootOver = `
end=$(( $(cut -d. -f1 /proc/uptime) + ${bootSeconds} ))
while case $(systemctl is-system-running 2>/dev/null) in starting | initializing) true ;; *) false ;; esac; do
  [ "$(cut -d. -f1 /proc/uptime)" -lt $end ] || break
  sleep 0.5
done
`;

/**
 * Asks the guest as root, once its boot is over, and keeps the answer as evidence.
 * @param action what is asked, for the evidence
 * @returns lines without the carriage returns of a terminal
 */
export async function ask(
  guest: Guest,
  action: string,
  script: string,
  timeoutSeconds = 60,
): Promise<string> {
  const { output } = await runAsRoot(guest, untilBootOver + script, timeoutSeconds + bootSeconds);
  const text = output.replaceAll('\r', '').trimEnd();
  guest.note({ action, observed: text, access: guest.shell.access });
  return text;
}

/** What a script printed as lines of a name, a blank and the rest. */
export function fieldsOf(text: string): Map<string, string> {
  return new Map(
    text.split('\n').map((line) => {
      const at = line.indexOf(' ');
      return at === -1 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
    }),
  );
}
