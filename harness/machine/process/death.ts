import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { HostError } from '../../errors.ts';
import { shortageIn } from '../../shortage.ts';
import type { MachineExit } from '../machine.ts';

/** When a QEMU ended that never let its machine run. */
export const beforeStart = 'before the machine ran';

/** How often the kernel's OOM killer has struck since the host booted, in control groups too (proc_vmstat(5)). */
export function oomKills(): number {
  try {
    return Number(/^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

const freeMemory = 'Free memory, or run fewer machines at once (-j).';
const hints: Record<string, string> = {
  SIGKILL: `Somebody killed it, or the kernel's OOM killer did (dmesg tells). ${freeMemory}`,
  SIGBUS: 'A file that it had mapped lost its disk or its memory: look for a full disk or a full /dev/shm.',
  SIGSYS: "Its sandbox met a system call that it forbids: report this with QEMU's version.",
};
const crashed = 'QEMU crashed, which no guest may bring about: report it with qemu.sh and the serial log.';

/**
 * QEMU's own end as the host's fault, whatever the guest did: no guest can end it.
 * @param when what it ended, e.g. `while the guest was running`.
 */
export function qemuDied({ code, signal, stderr, oomKilled }: MachineExit, when: string): HostError {
  const name = Object.entries(constants.signals).find(([, number]) => number === signal)?.[0];
  const how = signal === null ? `ended with exit code ${code}` : `was killed by signal ${signal} (${name})`;
  const told = `QEMU ${how} ${when}`;
  const said = stderr.trim();
  const shortage = shortageIn(said, told);
  if (shortage !== null) return shortage;

  const message = said === '' ? told : `${told}; it said: ${said}`;
  if (oomKilled) {
    const why = "the kernel's OOM killer was at work meanwhile";
    return new HostError('out-of-memory', `${message}; ${why}`, { hint: freeMemory, transient: true });
  }
  if (signal !== null) {
    return new HostError('qemu-killed', message, { hint: hints[name ?? ''] ?? crashed, transient: true });
  }
  // What it refuses at its start it refuses again; what ended it later is gone, e.g. a signal that it handles itself.
  const hint = "The cell's qemu.sh starts the same machine by hand.";
  return new HostError('qemu-died', message, { hint, transient: when !== beforeStart });
}
