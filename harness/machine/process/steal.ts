import { readFileSync } from 'node:fs';

/** What the processors of this host did since it was started, in ticks of any length. */
export interface HostTicks {
  /** In which somebody wanted a processor: all but idle and waiting for a disk. */
  wanted: number;
  /** Of these, in which a hypervisor gave the processor to another: only a host that is itself a guest has any. */
  stolen: number;
}

/**
 * Reads the first line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal, and guests' time, which is part
 * of user's. Source: proc_stat(5).
 */
export function readHostTicks(stat: string): HostTicks {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, stolen = 0] =
    /^cpu +([\d ]+)/.exec(stat)?.[1]?.split(' ').map(Number) ?? [];
  return { wanted: user + nice + system + irq + softirq + stolen, stolen };
}

/** Not one tick where the host does not tell: it is no Linux. */
export function hostTicks(proc: string): HostTicks {
  try {
    return readHostTicks(readFileSync(`${proc}/stat`, 'utf8'));
  } catch {
    return { wanted: 0, stolen: 0 };
  }
}

/** What a thread did between two looks, in seconds. */
export interface Turn {
  seconds: number;
  /** It had a processor, as far as the host knows. */
  ran: number;
  /** It waited for one. */
  waited: number;
}

/** Where all was stolen, nobody can tell a thread that wanted to run from one that slept. */
const mostShare = 0.99;

/**
 * Seconds in which a thread had a processor of the host that had none itself: its share of what was stolen from all. Linux
 * takes them out of a thread's time where it is built with CONFIG_PARAVIRT_TIME_ACCOUNTING (kernel/sched/core.c,
 * update_rq_clock_task), and then there is time that it neither ran nor waited; else they are in it.
 */
export function stolenSeconds({ seconds, ran, waited }: Turn, before: HostTicks, after: HostTicks): number {
  const wanted = after.wanted - before.wanted;
  const share = wanted > 0 ? Math.min(mostShare, Math.max(0, (after.stolen - before.stolen) / wanted)) : 0;
  return Math.max(ran * share, Math.min((ran * share) / (1 - share), seconds - ran - waited));
}
