import { randomBytes } from 'node:crypto';
import { HostError } from '../../errors.ts';
import { screenId } from '../board/argv.ts';
import type { Machine } from '../machine.ts';

/** Where a machine's screen and keyboard are reached by VNC. */
export interface Screen {
  /** On 127.0.0.1. */
  port: number;
  password: string;
}

/** One of QEMU's VNC servers, as `query-vnc-servers` tells of it. */
interface VncServer {
  id: string;
  server: { service: string }[];
}

/**
 * Has QEMU serve the machine's screen by VNC on 127.0.0.1, on a port that the host chooses, to whoever has the password.
 * To be called once: a second call changes port and password. QEMU has `display-update` from 7.1 on.
 * @throws HostError where QEMU cannot.
 */
export async function openScreen(machine: Pick<Machine, 'qmp'>): Promise<Screen> {
  // VNC takes the first eight characters of a password (RFC 6143, 7.2.2).
  const password = randomBytes(6).toString('base64url');
  // Before it listens: without a password it would let nobody in, and without the port nobody can try.
  await machine.qmp('set_password', { protocol: 'vnc', password, display: screenId });
  const address = { type: 'inet', host: '127.0.0.1', port: '0' };
  await machine.qmp('display-update', { type: 'vnc', addresses: [address] });
  const servers = (await machine.qmp('query-vnc-servers')) as VncServer[];
  const port = Number(servers.find(({ id }) => id === screenId)?.server[0]?.service);
  if (Number.isInteger(port)) return { port, password };
  throw new HostError('no-screen', 'QEMU does not tell on which port it serves the screen.');
}
