import { HostError } from '../../errors.ts';

/** A line of `info usernet`: protocol, descriptor, host address and port, guest address and port. */
const forward = /^\s*TCP\[HOST_FORWARD\]\s+\d+\s+127\.0\.0\.1\s+(\d+)\s+\S+\s+(\d+)\s/gm;

/**
 * The host's port on 127.0.0.1 that QEMU chose for a port of the guest, from the monitor's `info usernet`.
 * @throws HostError `port-not-forwarded`
 */
export function parseHostPort(usernet: string, guestPort: number): number {
  for (const [, host, guest] of usernet.matchAll(forward)) {
    if (Number(guest) === guestPort) return Number(host);
  }
  throw new HostError('port-not-forwarded', `QEMU forwards no host port to the guest's port ${guestPort}.`);
}
