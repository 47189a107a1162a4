import { readFile } from 'node:fs/promises';
import { makeKey } from '../../../scenarios/ssh/make-key.ts';
import { secondConsoleDevice } from '../../machine/board/given.ts';
import type { Given } from '../../machine/prepare.ts';
import type { Arch } from '../../images/image.ts';
import { serialDevice } from '../../console/serial/port.ts';
import type { SshKey } from './ways/way.ts';

/** Whom the credentials let in: only root's name is the same in every image. */
const user = 'root';

/**
 * What has systemd let us in: gettys on the serial port and on a second console, whose name nobody masked, root logged in
 * on every getty, and a key of our own for SSH. Read by systemd-getty-generator(8) since 254, agetty(8) since 2.40,
 * systemd-tmpfiles(8), which leaves a file of authorized keys alone that is there, and since 256 systemd-ssh-generator(8),
 * which starts an SSH server on a vsock that takes the key whatever that file says.
 * @param scratch takes the key
 */
export async function loginCredentials(
  arch: Arch,
  scratch: string,
): Promise<{ given: Given; ownKey: SshKey; publicKey: string }> {
  const privateKey = await makeKey({ scratch });
  const publicKey = (await readFile(`${privateKey}.pub`, 'utf8')).trim();
  const credentials = {
    'getty.ttys.serial': `${serialDevice[arch]}\n${secondConsoleDevice[arch]}\n`,
    'agetty.autologin': user,
    [`ssh.authorized_keys.${user}`]: `${publicKey}\n`,
    'ssh.ephemeral-authorized_keys-all': `${publicKey}\n`,
  };
  return { given: { credentials, console: true, vsock: true }, ownKey: { user, privateKey }, publicKey };
}
