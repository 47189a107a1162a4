import type { PartName } from '../../harness/inventory.ts';
import { append, become, replaceText } from '../defects/make/contents.ts';
import type { Ext4Edit } from '../defects/make/ext4.ts';
import { grubOptions } from '../defects/make/options.ts';
import type { Difference, Told } from './difference.ts';

/** Units of the distribution: what stands in /etc would differ as a file, too. */
const units = '/usr/lib/systemd/system';

const setting = (part: PartName, name: string): Told => ({ kind: 'settings', part, name });
const file = (path: string): Told => setting('etc', path);
const packageTold = (name: string): Told => ({ kind: 'packages', part: 'packages', name });
const door = (part: 'sockets' | 'setuid', name: string): Told => ({ kind: 'exposure', part, name });

const difference = (
  name: string,
  what: string,
  root: readonly Ext4Edit[],
  ...told: readonly Told[]
): Difference => ({ name, what, edits: { root }, told });

/** A service that a target of the distribution wants. */
const service = (name: string, lines: readonly string[]): Ext4Edit[] => [
  {
    path: `${units}/${name}.service`,
    create: ['[Unit]', `Description=${name}`, '[Service]', 'Type=oneshot', ...lines, ''].join('\n'),
  },
  { path: `${units}/multi-user.target.wants/${name}.service`, symlink: `${units}/${name}.service` },
];

const stanza = `Package: nmap
Status: install ok installed
Maintainer: nobody <nobody@example.org>
Architecture: all
Version: 7.95-1
Description: a package that no other image has

`;

/** Changes the stanza of an installed package. */
const inStanza = (name: string, change: (stanza: string) => string): Ext4Edit => ({
  path: '/var/lib/dpkg/status',
  change: (content) => {
    const stanzas = content.toString().split(/(?<=\n\n)/);
    const at = stanzas.findIndex((one) => one.startsWith(`Package: ${name}\n`));
    if (at === -1) throw new Error(`expected the package ${name} to be installed`);
    return stanzas.map((one, index) => (index === at ? change(one) : one)).join('');
  },
});

/** Bytes that are no hole in a file system: more than the twentieth and the 10 MiB that a size may grow by. */
const ballast = Buffer.alloc(64 * 2 ** 20, 'ballast ');

/** Each differs from the sound image in one thing. */
export const catalogue: readonly Difference[] = [
  difference(
    'package-more',
    'a package more',
    [{ path: '/var/lib/dpkg/status', change: append(stanza) }],
    packageTold('nmap'),
  ),
  difference('package-less', 'a package less', [inStanza('fastfetch', () => '')], packageTold('fastfetch')),
  difference(
    'package-version',
    'another version of a package',
    [inStanza('wget', (one) => one.replace(/^Version: .*$/m, 'Version: 9.99-1'))],
    packageTold('wget'),
  ),
  difference(
    'unit-more',
    'a service more',
    service('extra', ['ExecStart=/usr/bin/true', 'RemainAfterExit=yes']),
    setting('units', 'extra.service'),
  ),
  difference(
    'unit-off',
    'a timer that nothing wants any more',
    [{ path: `${units}/timers.target.wants/systemd-tmpfiles-clean.timer`, remove: true }],
    setting('units', 'systemd-tmpfiles-clean.timer'),
  ),
  difference(
    'unit-failed',
    'a service that fails',
    service('weak', ['ExecStart=/usr/bin/false']),
    { kind: 'failedUnits', part: 'failed', name: 'weak.service' },
    setting('units', 'weak.service'),
  ),
  difference(
    'port',
    'something listens on port 8080',
    [
      { path: `${units}/door.socket`, create: '[Socket]\nListenStream=8080\nAccept=yes\n' },
      { path: `${units}/sockets.target.wants/door.socket`, symlink: `${units}/door.socket` },
      { path: `${units}/door@.service`, create: '[Service]\nExecStart=/usr/bin/true\n' },
    ],
    door('sockets', 'tcp6 any 8080'),
    setting('units', 'door.socket'),
    setting('units', 'door@.service'),
  ),
  difference(
    'setuid',
    'a program that becomes root',
    [{ path: '/usr/bin/less', mode: '0104755' }],
    door('setuid', '/usr/bin/less'),
  ),
  difference(
    'setuid-among-data',
    'a program that becomes root, where only data are',
    [{ path: '/usr/share/door', mode: '0104755', create: '#!/bin/sh\n' }],
    door('setuid', '/usr/share/door'),
  ),
  difference(
    'user',
    'a user more',
    [
      { path: '/etc/passwd', change: append('visitor:x:1000:100::/tmp:/bin/bash\n') },
      { path: '/etc/shadow', mode: '0100640', change: append('visitor:*:20000:0:99999:7:::\n') },
    ],
    setting('users', 'visitor'),
    file('/etc/passwd'),
  ),
  difference(
    'password',
    'a user who needs no password',
    [
      {
        path: '/etc/shadow',
        mode: '0100640',
        change: (content) => content.toString().replace(/^games:[^:]*:/m, 'games::'),
      },
    ],
    setting('users', 'games'),
  ),
  difference(
    'group',
    'a member more of a group',
    [{ path: '/etc/group', change: replaceText('sudo:x:27:', 'sudo:x:27:games') }],
    setting('groups', 'sudo'),
    file('/etc/group'),
  ),
  difference(
    'sshd-setting',
    "another setting of sshd's",
    [{ path: '/etc/ssh/sshd_config.d/reference.conf', change: append('\nMaxSessions 3\n') }],
    setting('sshd', 'maxsessions'),
    file('/etc/ssh/sshd_config.d/reference.conf'),
  ),
  difference(
    'nix-setting',
    "another setting of nix's",
    [{ path: '/etc/nix/nix.conf', change: append('\nwarn-dirty = false\n') }],
    setting('nix', 'warn-dirty'),
    file('/etc/nix/nix.conf'),
  ),
  difference(
    'kernel-option',
    "a word more on the kernel's command line",
    [grubOptions('workqueue.power_efficient=1')],
    setting('commandLine', 'workqueue.power_efficient'),
  ),
  difference(
    'etc-file',
    'a file more in /etc',
    [{ path: '/etc/extra.conf', create: 'extra\n' }],
    file('/etc/extra.conf'),
  ),
  difference(
    'etc-changed',
    'another content of a file in /etc',
    [{ path: '/etc/hosts', change: append('192.0.2.1 elsewhere\n') }],
    file('/etc/hosts'),
  ),
  difference(
    'link-target',
    'a link in /etc that leads elsewhere',
    [
      { path: '/etc/alternatives/pager', remove: true },
      { path: '/etc/alternatives/pager', symlink: '/usr/bin/more' },
    ],
    file('/etc/alternatives/pager'),
  ),
  difference(
    'locale',
    'another locale',
    [{ path: '/etc/locale.conf', change: become('LANG=C\n') }],
    setting('settings', 'locale.conf LANG'),
    setting('settings', 'default/locale LANG'),
    file('/etc/locale.conf'),
  ),
  difference(
    'keymap',
    'another keymap',
    [{ path: '/etc/default/keyboard', change: replaceText('KEYMAP=us', 'KEYMAP=de') }],
    setting('settings', 'default/keyboard KEYMAP'),
    setting('settings', 'vconsole.conf KEYMAP'),
    file('/etc/default/keyboard'),
  ),
  difference(
    'time-zone',
    'another time zone',
    [
      { path: '/etc/localtime', remove: true },
      { path: '/etc/localtime', symlink: '/usr/share/zoneinfo/Etc/GMT' },
    ],
    setting('settings', 'time zone'),
    file('/etc/localtime'),
  ),
  difference(
    'host-name',
    'another host name',
    [{ path: '/etc/hostname', change: become('elsewhere\n') }],
    setting('settings', 'host name'),
    file('/etc/hostname'),
  ),
  difference(
    'mount-option',
    'another option of a mount',
    [{ path: `${units}/tmp.mount`, change: replaceText('nosuid,nodev', 'nosuid,nodev,noexec') }],
    setting('mounts', '/tmp'),
  ),
  difference(
    'module',
    'a module that is loaded',
    [{ path: '/etc/modules', change: append('dummy\n') }],
    setting('modules', 'dummy'),
    file('/etc/modules'),
  ),
  difference(
    'os-release',
    'another release by its own word',
    [{ path: '/usr/lib/os-release', change: replaceText('VERSION_ID="13"', 'VERSION_ID="14"') }],
    setting('os', 'VERSION_ID'),
  ),
  difference('larger', '64 MiB more', [{ path: '/usr/lib/ballast', create: ballast }], {
    kind: 'size',
    part: 'sizes',
    name: 'root used',
  }),
  difference(
    'slower',
    'a boot that waits for two minutes',
    service('slow', ['ExecStart=/usr/bin/sleep 120']),
    { kind: 'boot', part: 'boot', name: 'systemd userspace' },
    setting('units', 'slow.service'),
  ),
];
