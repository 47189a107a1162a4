import { waitForSshBanner } from '../../../console/shells/ssh-banner.ts';
import type { Machine } from '../../../machine/machine.ts';
import { bridgeVsock } from '../../../machine/network/vsock-bridge.ts';
import type { Teardown } from '../../teardown.ts';
import { logInOnceReady } from '../ssh-login.ts';
import { orConsole } from './own-key.ts';
import type { SshKey, Way } from './way.ts';

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

/** SSH by the machine's vsock, with our own key: it needs no network of the guest, and no service of the image. */
export const vsock: Way<{ key: SshKey; ssh: { host: string; port: number } }> = {
  needs: ({ ownKey, vsock }) =>
    ownKey === undefined || vsock === undefined ? undefined : { key: ownKey, ssh: vsock },
  isShutBy: 'nothing',

  async open({ key, ssh }, attempt) {
    const banner = waitForSshBanner({ ...ssh, signal: attempt.signal });
    const shell = await logInOnceReady(key, banner, { ...attempt, ssh });
    return { shell, serialAutologin: null, byOwnKey: true };
  },

  orBetter: orConsole,
};
