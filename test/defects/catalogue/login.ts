import type { Defect } from '../defect.ts';
import { append, become } from '../make/contents.ts';
import { disk, rootOnly } from '../make/disk.ts';
import type { Ext4Edit } from '../make/ext4.ts';

const cell = 'qemu.x86_64.bios.disk';

/** Debian's ssh.service does not start when this file is there: serial is the only way in that is left. */
const withoutSsh: Ext4Edit = { path: '/etc/ssh/sshd_not_to_be_run', create: '' };

/** Who is logged in on serial, by agetty's options. */
const serialLogin = (options: string): Ext4Edit => ({
  path: '/etc/systemd/system/serial-getty@.service.d/autologin.conf',
  change: become(
    `[Service]\nExecStart=\nExecStart=-/sbin/agetty ${options} --keep-baud 115200,57600,38400,9600 - $TERM\n`,
  ),
});

const rootShell = (path: string): Ext4Edit => ({
  path: '/etc/passwd',
  change: (content) => content.toString().replace(/^(root:.*:)[^:]*$/m, `$1${path}`),
});

/** A system that is up, and lets nobody in. */
export const login: readonly Defect[] = [
  {
    name: 'login-getty-masked',
    what: 'no getty on serial and no SSH server',
    cell,
    make: disk('qemu', {
      root: [withoutSsh, { path: '/etc/systemd/system/serial-getty@ttyS0.service', symlink: '/dev/null' }],
    }),
    // Keys on the screen are a way in all the same.
    expect: {
      checks: {
        sshd: /nothing listens on port 22/,
        autologin: /on serial expected root to be logged in, got nobody/,
      },
    },
  },
  {
    name: 'login-user-missing',
    what: 'autologin on serial of a user who does not exist: it fails and starts again',
    cell,
    ...rootOnly('qemu', [withoutSsh, serialLogin('--autologin ghost')]),
    expect: { phase: 'login', reason: /login loops?|logins? .*(?:again|over)/i },
  },
  {
    name: 'login-shell-missing',
    what: "root's shell does not exist: logged in and out again",
    cell,
    ...rootOnly('qemu', [withoutSsh, rootShell('/usr/bin/zsh')]),
    expect: { phase: 'login', reason: /login loops?|logins? .*(?:again|over)/i },
  },
  {
    name: 'login-nologin',
    what: "root's shell is nologin",
    cell,
    ...rootOnly('qemu', [withoutSsh, rootShell('/usr/sbin/nologin')]),
    expect: { phase: 'login', reason: /login loops?|logins? .*(?:again|over)/i },
  },
  {
    name: 'login-profile-exits',
    what: "root's profile ends the shell",
    cell,
    ...rootOnly('qemu', [withoutSsh, { path: '/root/.profile', change: append('\nexit 0\n') }]),
    expect: { phase: 'login', reason: /login loops?|logins? .*(?:again|over)/i },
  },
];
