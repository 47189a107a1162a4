import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HostError } from '../../errors.ts';
import type { VsockPaths } from '../board/description.ts';
import { onPath } from '../process/on-path.ts';
import { startOnTerminal } from '../process/terminal.ts';

/** Serves the vsock of one machine, by the vhost-user protocol. Source: https://github.com/rust-vmm/vhost-device. */
const name = 'vhost-device-vsock';
/** The guest's address: each machine has a program of its own, so all may have the same; lower ones are reserved. */
const guestCid = 3;
/** How often it is looked whether the program listens, and for how long at most: it has nothing else to do. */
const lookMilliseconds = 10;
const startMilliseconds = 30_000;

/** The path of the program that serves a vsock; null where the host has none: Linux alone has a vsock. */
export const vsockProgram = async (): Promise<string | null> =>
  process.platform === 'linux' ? onPath(name) : null;

/** A program that serves a machine's vsock. It ends when we do, as QEMU does. */
export interface Vsock {
  end(): void;
}

/**
 * Starts it; resolves once QEMU can connect.
 * @throws HostError `vsock-died` when it ends before that, with what it said.
 */
export async function startVsock(paths: VsockPaths): Promise<Vsock> {
  const { device, host, program } = paths;
  const stderr = join(dirname(device), 'vsock.stderr');
  const args = ['--guest-cid', String(guestCid), '--socket', device, '--uds-path', host];
  const started = startOnTerminal(program, args, { stderr, stdout: stderr });
  let ended = false;
  void started.exited.then(() => {
    ended = true;
  });
  const limit = performance.now() + startMilliseconds;
  // A connection would be taken for QEMU's: only the kernel knows whether somebody listens.
  while (!(await isListening(device))) {
    if (ended || performance.now() > limit) {
      started.kill('SIGKILL');
      const said = (await readFile(stderr, 'utf8').catch(() => '')).trim();
      const what = ended ? `ended before a machine could use it: ${said}` : 'does not listen for a machine.';
      throw new HostError('vsock-died', `${name} ${what}`, {
        hint: 'Run it by hand, mend it, or take it off PATH: then machines have no vsock.',
      });
    }
    await sleep(lookMilliseconds);
  }
  return { end: () => started.kill('SIGKILL') };
}

/** Whether somebody listens on a Unix socket, as unix(7) has it in /proc: __SO_ACCEPTCON. */
async function isListening(path: string): Promise<boolean> {
  const sockets = await readFile('/proc/net/unix', 'utf8');
  return sockets.split('\n').some((line) => line.endsWith(` ${path}`) && line.split(/\s+/)[3] === '00010000');
}
