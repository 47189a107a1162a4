import type { Machine } from '../../machine/machine.ts';
import { bridgeVsock } from '../../machine/network/vsock-bridge.ts';
import type { Teardown } from '../teardown.ts';

/** Where systemd-ssh-generator(8) has an SSH server listen in a guest that has a vsock. */
const sshPort = 22;

/** Where the SSH server on a machine's vsock is reachable; nothing where it has none. */
export async function vsockServer(
  { description }: Machine,
  teardown: Teardown,
): Promise<{ vsock?: { host: string; port: number } }> {
  const { vsock } = description.paths;
  if (vsock === undefined) return {};
  const bridge = await bridgeVsock(vsock.host, sshPort);
  teardown.add(async () => bridge.close());
  return { vsock: { host: '127.0.0.1', port: bridge.port } };
}
