import { join } from 'node:path';
import { execa } from 'execa';
import type { Guest } from '../../harness/console/guest.ts';
import type { Layout } from '../../harness/console/keys/keyboard.ts';
import { credentialOptions, ownPrivateKey, sshOptions } from '../../harness/console/shells/ssh.ts';
import { releases } from '../../reference/packages.ts';
import { privateKeyPath } from '../../reference/paths.ts';
import { packDebian } from './debian.ts';

/** A Wayland compositor for one program, and a terminal emulator. */
const packages = ['cage', 'foot', 'fonts-dejavu-core'];
export const person = 'person';

/** Puts what a graphical session needs into a running reference guest, and somebody whose session it can be. */
export async function installSession({ shell, scratch, ssh }: Guest): Promise<void> {
  const archive = join(scratch, 'session.tar.gz');
  await packDebian(releases[0], packages, archive);
  const privateKey = await ownPrivateKey(privateKeyPath, scratch);
  await execa(
    'ssh',
    [
      ...sshOptions(),
      ...credentialOptions({ by: 'key', privateKey }, scratch),
      '-p',
      String(ssh.port),
      `root@${ssh.host}`,
      // The guest's own files stay as they are.
      'tar -C / -xz --skip-old-files ./usr',
    ],
    { cwd: scratch, inputFile: archive },
  );
  await shell.run(`useradd --create-home ${person}`);
}

/** Shows a session in which the keyboard has this layout: on tty1, drawn without a graphics processor. */
export async function showSession({ shell }: Guest, { layout, variant }: Layout): Promise<void> {
  const unit = `[Unit]
After=systemd-user-sessions.service systemd-logind.service
Conflicts=kmsconvt@tty1.service getty@tty1.service
[Service]
User=${person}
PAMName=login
TTYPath=/dev/tty1
StandardInput=tty-fail
TimeoutStopSec=1
UtmpIdentifier=tty1
UtmpMode=user
Environment=XDG_SESSION_TYPE=wayland WLR_RENDERER=pixman XKB_DEFAULT_LAYOUT=${layout} XKB_DEFAULT_VARIANT=${variant}
ExecStart=/usr/bin/cage -- /usr/bin/sleep infinity
`;
  // A session that logind knows of is there; what was there before is gone by then.
  const { status, output } = await shell.run(`
printf %s '${unit}' > /etc/systemd/system/session.service
systemctl daemon-reload && systemctl stop session.service kmsconvt@tty1.service && systemctl start session.service
until loginctl show-session "$(loginctl show-seat seat0 --property=ActiveSession --value)" 2> /dev/null | grep -qx Type=wayland
do sleep 0.2; done`);
  if (status !== 0) throw new Error(output);
}
