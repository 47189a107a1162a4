import { readFileSync } from 'node:fs';
import { HostError } from '../../errors.ts';

const tickMilliseconds = 1000;
/**
 * Ticks after which a question that was not answered is held against QEMU. Ticks and not seconds: where this process was
 * stopped itself, it has had no chance to hear the answer.
 */
const stoppedTicks = 10;
const silentTicks = 30;
/** Ticks after which a connection that ended is held against it: mostly QEMU itself ends, which tells more. */
const lostTicks = 3;

interface PulseOptions {
  /** Multiplies the time that is given to a QEMU that runs and does not answer. @default 1 */
  slowness?: number;
  /** Called once, with what became of QEMU. */
  onLost: (error: HostError) => void;
}

/**
 * Looks whether QEMU itself goes on, so that what the host did to it is not held against the guest: it may be stopped
 * (SIGSTOP, a debugger), wait for a disk that does not answer, or hang.
 * @param ask asks something of QEMU, once a tick while it answers; a question stays open until it does.
 * @returns the way to end this.
 */
export function watchPulse(pid: number, ask: () => Promise<unknown>, options: PulseOptions): () => void {
  let state: 'answered' | 'asked' | 'lost' = 'answered';
  let lost: unknown;
  let ticks = 0;
  const mostTicks = silentTicks * Math.max(1, options.slowness ?? 1);

  function question(): void {
    state = 'asked';
    ticks = 0;
    ask().then(
      () => {
        state = 'answered';
      },
      (error: unknown) => {
        state = 'lost';
        lost = error;
        ticks = 0;
      },
    );
  }

  function tick(): void {
    if (state === 'answered') return question();
    ticks += 1;
    const error = state === 'lost' ? ticks >= lostTicks && toHostError(lost) : judge();
    if (error === false) return;
    clearInterval(timer);
    options.onLost(error);
  }

  function judge(): HostError | false {
    const process = processState(pid);
    if (ticks >= stoppedTicks && (process === 'T' || process === 't')) {
      return new HostError(
        'qemu-stopped',
        `QEMU was stopped (SIGSTOP, or a debugger) and not continued for ${ticks} s`,
        {
          hint: `Something on this host sent SIGSTOP to process ${pid}, or held it by ptrace; run the cell again without that.`,
          transient: true,
        },
      );
    }
    if (ticks < mostTicks) return false;
    const where = process === 'D' ? 'waits for a disk of this host' : 'hangs';
    return new HostError('qemu-hangs', `QEMU ${where}: its monitor has not answered for ${ticks} s`, {
      hint: 'Look at the load of this host and at the disks under the image and the directory for temporary files.',
      transient: true,
    });
  }

  question();
  const timer = setInterval(tick, tickMilliseconds);
  return () => clearInterval(timer);
}

const toHostError = (error: unknown): HostError =>
  error instanceof HostError
    ? error
    : new HostError('qmp-lost', `QEMU's monitor failed: ${String(error)}`, {
        transient: true,
        cause: error,
      });

/** The state of a process as in proc_pid_stat(5), e.g. `T` for stopped; null when it is gone or the host has no /proc. */
function processState(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).charAt(0);
  } catch {
    return null;
  }
}
