import type { PartName } from '../../inventory.ts';
import type { Kind } from '../../difference.ts';
import type { Otherwise } from './cells.ts';

/** Images that differ on purpose in one thing each: where it is to be found, and as what. */
export const oneThing: [what: string, otherwise: Otherwise, part: PartName, name: string, kind: Kind][] = [
  ['a package more', { packages: { nmap: '7.95' } }, 'packages', 'nmap', 'packages'],
  ['a package less', { packages: { vim: null } }, 'packages', 'vim', 'packages'],
  ['another version', { packages: { curl: '8.15' } }, 'packages', 'curl', 'packages'],
  [
    'a unit more',
    { units: { 'x.service': 'wanted by multi-user.target, active' } },
    'units',
    'x.service',
    'settings',
  ],
  ['a unit that is off', { units: { 'sshd.service': 'not wanted' } }, 'units', 'sshd.service', 'settings'],
  ['a unit that failed', { failed: { 'x.service': 'exit-code' } }, 'failed', 'x.service', 'failedUnits'],
  ['a port', { sockets: { 'tcp any 8080': 'python3' } }, 'sockets', 'tcp any 8080', 'exposure'],
  ['a port for all', { sockets: { 'tcp6 any 631': 'cupsd' } }, 'sockets', 'tcp6 any 631', 'exposure'],
  [
    'another program at a port',
    { sockets: { 'tcp any 22': 'dropbear' } },
    'sockets',
    'tcp any 22',
    'exposure',
  ],
  ['a closed port', { sockets: { 'tcp any 22': null } }, 'sockets', 'tcp any 22', 'settings'],
  ['a setuid program', { setuid: { '/usr/bin/x': '4755 root:root' } }, 'setuid', '/usr/bin/x', 'exposure'],
  [
    'a user',
    { users: { guest: '1001:100 /home/guest /bin/sh, password none' } },
    'users',
    'guest',
    'settings',
  ],
  ['a password', { users: { root: '0:0 /root /bin/sh, password locked' } }, 'users', 'root', 'settings'],
  ['a member of a group', { groups: { wheel: '10 guest root' } }, 'groups', 'wheel', 'settings'],
  ['a setting of sshd', { sshd: { permitrootlogin: 'no' } }, 'sshd', 'permitrootlogin', 'settings'],
  [
    'a setting of nix',
    { nix: { 'experimental-features': 'flakes' } },
    'nix',
    'experimental-features',
    'settings',
  ],
  ['a kernel', { kernel: { release: '6.12.58' } }, 'kernel', 'release', 'settings'],
  ['a kernel option', { commandLine: { mitigations: 'off' } }, 'commandLine', 'mitigations', 'settings'],
  ['a file in /etc', { etc: { '/etc/x': '1111111111111111' } }, 'etc', '/etc/x', 'settings'],
  ['a changed file in /etc', { etc: { '/etc/hosts': '1111111111111111' } }, 'etc', '/etc/hosts', 'settings'],
  ['a locale', { settings: { 'locale.conf LANG': 'C' } }, 'settings', 'locale.conf LANG', 'settings'],
  [
    'a keymap',
    { settings: { 'vconsole.conf KEYMAP': 'us' } },
    'settings',
    'vconsole.conf KEYMAP',
    'settings',
  ],
  ['a time zone', { settings: { 'time zone': 'Europe/Zurich' } }, 'settings', 'time zone', 'settings'],
  ['a file system', { mounts: { '/': 'xfs rw,relatime' } }, 'mounts', '/', 'settings'],
  ['a module', { modules: { dccp: 'loaded' } }, 'modules', 'dccp', 'settings'],
  ['a release', { os: { VERSION_ID: '27.05' } }, 'os', 'VERSION_ID', 'settings'],
];
