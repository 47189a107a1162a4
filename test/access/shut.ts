import { become } from '../defects/make/contents.ts';
import type { Ext4Edit } from '../defects/make/ext4.ts';

/** Nothing of the kernel's or of GRUB's goes to serial, so no getty comes up there by itself. */
export const silent = (options = ''): Ext4Edit => ({
  path: '/boot/grub/grub.cfg',
  change: become(
    `set timeout=1\nmenuentry NixOS {\n  linux /boot/bzImage root=LABEL=nixos rw ${options}\n  initrd /boot/initrd\n}\n`,
  ),
});

/** A unit that nothing starts. */
export const masked = (unit: string): Ext4Edit => ({
  path: `/etc/systemd/system/${unit}`,
  symlink: '/dev/null',
});

/** Nobody is logged in on the virtual screen. */
export const noScreen: Ext4Edit = {
  path: '/etc/systemd/system/kmsconvt@.service.d/autologin.conf',
  change: become('[Service]\nExecStart=\nExecStart=/bin/sleep infinity\n'),
};
/** A getty on serial asks who is there. */
export const asks: Ext4Edit = {
  path: '/etc/systemd/system/serial-getty@.service.d/autologin.conf',
  remove: true,
};

/** Promises nobody a login, so that nothing but the way in decides; what a test looks at beside flakes is added. */
export const closedContract = {
  name: 'closed',
  autologin: { screen: null, serial: {} },
  login: null,
  sshd: null,
  flakes: { experimentalFeatures: ['nix-command', 'flakes'] },
  keyboard: null,
};
