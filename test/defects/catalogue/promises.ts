import type { Contract } from '../../../scenarios/contracts/contract.ts';
import type { Defect } from '../defect.ts';
import { append, become, replacePattern, replaceText } from '../make/contents.ts';
import { disk } from '../make/disk.ts';
import type { Ext4Edit } from '../make/ext4.ts';
import { earlyService } from '../make/service.ts';

const units = '/etc/systemd/system';

/** A promise that the sound image keeps beside those of its contract, and a change that breaks it alone. */
const broken = (
  name: string,
  what: string,
  promises: Partial<Contract>,
  reason: RegExp,
  root: readonly Ext4Edit[],
): Defect => {
  const [check = ''] = Object.keys(promises);
  return {
    name: `promise-${name}`,
    what,
    cell: 'qemu.x86_64.bios.disk',
    promises,
    make: disk('qemu', { root }),
    expect: { checks: { [check]: reason } },
  };
};

/** What the optional parts of a contract promise, each broken once. */
export const promises: readonly Defect[] = [
  broken(
    'hostname',
    'another hostname',
    { system: { hostname: 'nixos-installer' } },
    /expected the hostname nixos-installer, got elsewhere/,
    [{ path: '/etc/hostname', change: become('elsewhere\n') }],
  ),
  broken(
    'os-release',
    'another system by its os-release',
    { system: { osRelease: { ID: 'debian' } } },
    /expected ID=debian in os-release, got other/,
    [{ path: '/usr/lib/os-release', change: replaceText('\nID=debian\n', '\nID=other\n') }],
  ),
  broken(
    'failed-unit',
    'a service that fails, and nothing waits for it',
    { system: { mayFail: [] } },
    /expected no failed unit, got weak\.service/,
    earlyService('weak', ['ExecStart=/usr/bin/false']),
  ),
  broken(
    'unit-absent',
    'a service that is masked',
    {
      units: {
        'systemd-timesyncd.service': 'absent',
        'dbus.service': 'active',
        'nix-daemon.socket': 'active',
      },
    },
    /expected nix-daemon\.socket to be active, got absent/,
    [{ path: `${units}/nix-daemon.socket`, symlink: '/dev/null' }],
  ),
  broken(
    'command-missing',
    'no git',
    { commands: { git: '--version', nvim: '--version' } },
    /expected a command git, got none/,
    [{ path: '/usr/bin/git', remove: true }],
  ),
  broken(
    'command-broken',
    'a wget that does not run',
    { commands: { wget: '--version' } },
    /expected `wget --version` to succeed, got status 3/,
    [{ path: '/usr/bin/wget', mode: '0100755', change: become('#!/bin/sh\nexit 3\n') }],
  ),
  broken(
    'user-extra',
    'a user whom nobody promised',
    { users: { nixos: null, root: { uid: 0, password: 'hash' } } },
    /expected no user nixos, got one/,
    [
      { path: '/etc/passwd', change: append('nixos:x:1000:1000::/tmp:/bin/bash\n') },
      { path: '/etc/shadow', mode: '0100640', change: append('nixos:*:20000:0:99999:7:::\n') },
      { path: '/etc/group', change: append('nixos:x:1000:\n') },
    ],
  ),
  broken(
    'second-manager',
    'a second manager of the network',
    {
      network: {
        manager: 'NetworkManager.service',
        address: true,
        resolves: ['localhost'],
        off: ['systemd-networkd.service'],
      },
    },
    /expected systemd-networkd\.service to be off, got active/,
    [
      {
        path: `${units}/multi-user.target.wants/systemd-networkd.service`,
        symlink: '/usr/lib/systemd/system/systemd-networkd.service',
      },
    ],
  ),
  broken(
    'port-open',
    'something listens on port 8080',
    { listening: { tcp: [22], udp: [] } },
    /expected nothing to listen but on tcp 22, got tcp 8080/,
    [
      { path: `${units}/door.socket`, create: '[Socket]\nListenStream=8080\nAccept=yes\n' },
      { path: `${units}/sockets.target.wants/door.socket`, symlink: `${units}/door.socket` },
      { path: `${units}/door@.service`, create: '[Service]\nExecStart=/usr/bin/true\n' },
    ],
  ),
  broken(
    'file-mode',
    'anybody may read the passwords',
    { files: { '/etc/shadow': { type: 'file', mode: '640', owner: 'root' }, '/etc/nologin': null } },
    /expected the mode of \/etc\/shadow to be 640, got 644/,
    [{ path: '/etc/shadow', mode: '0100644' }],
  ),
  broken(
    'nix-setting',
    "another setting of nix's",
    { nix: { implementation: 'nix', settings: { 'warn-dirty': 'true' } } },
    /expected nix's warn-dirty to be 'true', got 'false'/,
    [{ path: '/etc/nix/nix.conf', change: append('warn-dirty = false\n') }],
  ),
  broken(
    'kernel-option',
    "a word less on the kernel's command line",
    { kernel: { commandLine: ['root=LABEL=nixos'] } },
    /expected root=LABEL=nixos on the kernel's command line, got/,
    [{ path: '/boot/grub/grub.cfg', change: replaceText('root=LABEL=nixos', 'root=/dev/sda1') }],
  ),
  broken(
    'kernel-module',
    'a file system that cannot be mounted',
    // btrfs would be there all the same: the initrd loads it.
    { kernel: { modules: ['vfat', 'f2fs'] } },
    /expected the module f2fs to load, got/,
    [{ path: '/etc/modprobe.d/no-f2fs.conf', create: 'install f2fs /bin/false\n' }],
  ),
  broken(
    'too-large',
    '300 MiB too many',
    { size: { used: { '/': 700 } } },
    /expected what is in use at \/ to be at most 700 MiB, got/,
    earlyService('ballast', ['ExecStart=/usr/bin/fallocate -l 300M /var/ballast']),
  ),
  broken(
    'console-font',
    'another font in kmscon',
    { console: { kmsconFont: 'JetBrains Mono' } },
    /expected kmscon's font to be JetBrains Mono, got monospace/,
    [
      {
        path: '/etc/kmscon/kmscon.conf',
        change: replaceText('font-name=JetBrains Mono', 'font-name=monospace'),
      },
    ],
  ),
  broken(
    'motd',
    'a login says something else',
    { console: { motd: '^=== \\S+ Installer ===$' } },
    /expected a login to say what matches .*, got "=== Welcome ==="/,
    [{ path: '/etc/motd', change: become('=== Welcome ===\n') }],
  ),
  broken(
    'password-none',
    "login does not ask for root's password",
    { users: { root: { uid: 0, password: 'hash' } } },
    /expected the password of root to be hash, got none/,
    [{ path: '/etc/shadow', mode: '0100640', change: replacePattern(/^root:[^:]+:/m, 'root::') }],
  ),
];
