import { setTimeout as sleep } from 'node:timers/promises';
import type { Guest } from '../../harness/console/guest.ts';
import { readBanner } from '../../harness/console/shells/ssh-banner.ts';
import { GuestError, HostError } from '../../harness/errors.ts';
import { isBootOver } from '../boot-over.ts';
import { run } from '../guest-script.ts';

/** Seconds in which a server that is coming up must answer; host keys may be made at the first boot. */
const limitSeconds = 90;
const answerSeconds = 10;

/** Says whether port 22 (hex 16) listens, and how the server's units are. */
const stateScript = `
grep -qsE ':0016 [0-9A-F]+:[0-9A-F]+ 0A ' /proc/net/tcp /proc/net/tcp6 && echo port-22 listens || echo port-22 closed
systemctl show --property=Id,LoadState,ActiveState,SubState,Result sshd.service ssh.service sshd.socket ssh.socket`;

const isListening = (state: string): boolean => /^port-22 listens\r?$/m.test(state);

/**
 * Connects from outside until an SSH server says who it is; puts that, or why there is none, into the evidence.
 * @returns the banner, or a sentence that says what is wrong where no server will come any more.
 * @throws GuestError `sshd-silent` where none came in time.
 */
export async function waitForServer(guest: Guest): Promise<{ banner: string } | { problem: string }> {
  const { host, port } = guest.ssh;
  const deadline = performance.now() + limitSeconds * guest.slowness * 1000;
  let state = '';
  // Nothing listens on port 22, and nothing will.
  let closed = false;
  for (let pause = 500; ; pause = Math.min(pause * 2, 4000)) {
    const banner = await readBanner(host, port, answerSeconds * guest.slowness * 1000, guest.signal);
    if (banner.kind === 'banner') {
      guest.note({ action: 'connect to port 22', observed: banner.text, access: 'outside' });
      return { banner: banner.text };
    }
    if (banner.kind === 'refused')
      throw new HostError('no-forward', `Nothing forwards ${host}:${port} to the guest's port 22.`, {
        transient: true,
      });
    const seen = banner.kind === 'silent' ? 'no answer' : banner.text || 'closed without a banner';
    if (closed || performance.now() > deadline) {
      guest.note({ action: 'connect to port 22', observed: seen, access: 'outside' });
      guest.note({
        action: 'state of the SSH server in the guest',
        observed: state.trim(),
        access: guest.shell.access,
      });
      if (closed) {
        return { problem: 'expected an SSH server, but nothing listens on port 22 and the boot is over' };
      }
      const inside = isListening(state) ? '; the port listens in the guest, so the way to it is closed' : '';
      throw new GuestError(
        'sshd-silent',
        `expected an SSH server on port 22, got from outside: ${seen}${inside}`,
        { ranOut: true },
      );
    }
    // In this order, and one more connection after it: a server that comes up in between is found.
    const over = await isBootOver(guest);
    state = (await run(guest, stateScript)).output;
    closed = over && !isListening(state);
    if (!closed) await sleep(pause, undefined, { signal: guest.signal });
  }
}
