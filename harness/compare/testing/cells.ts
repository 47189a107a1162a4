/** Cells of a sound matrix for tests and benchmarks: small, and with something in every part. */
import { type Inventory, inventoryVersion, type Part, type PartName, partNames } from '../../inventory.ts';
import type { RecordedCell, RecordedRun } from '../recorded.ts';

const sound: Record<PartName, Record<string, string>> = {
  os: { ID: 'nixos', VERSION_ID: '26.11' },
  kernel: { release: '6.12.57', machine: 'x86_64' },
  commandLine: { console: 'ttyS0', quiet: 'set' },
  store: { '/run/current-system': '/nix/store/a-nixos-system' },
  packages: { openssl: '3.4.1', curl: '8.14', vim: '9.1' },
  units: { 'sshd.service': 'wanted by multi-user.target, active', 'multi-user.target': 'not wanted, active' },
  failed: {},
  users: { root: '0:0 /root /bin/sh, password set' },
  groups: { root: '0', wheel: '10 root' },
  sockets: { 'tcp any 22': 'sshd' },
  sshd: { permitrootlogin: 'yes', port: '22' },
  nix: { 'experimental-features': 'nix-command flakes', cores: '1' },
  mounts: { '/': 'ext4 rw,relatime', '/proc': 'proc rw' },
  modules: { virtio_net: 'loaded' },
  settings: { 'locale.conf LANG': 'de_CH.UTF-8', 'vconsole.conf KEYMAP': 'sg', 'time zone': 'UTC' },
  etc: { '/etc/hosts': '0123456789abcdef', '/etc/fstab': 'fedcba9876543210' },
  setuid: { '/run/wrappers/bin/sudo': '4511 root:root' },
  sizes: { 'root used': '2000000', closure: '1500000' },
  boot: { shell: '30.000', 'systemd userspace': '12.000', kernel: '3.000' },
};

/** Names whose values are others, or which are gone (null). */
export type Otherwise = Partial<Record<PartName, Record<string, string | null>>>;

export function inventoryWith(otherwise: Otherwise = {}, slowness = 1): Inventory {
  const parts = Object.fromEntries(
    partNames.map((name): [PartName, Part] => {
      const all = Object.entries({ ...sound[name], ...otherwise[name] });
      const facts = all.flatMap(([key, value]) => (value === null ? [] : [[key, value] as const]));
      return [name, { facts: Object.fromEntries(facts) }];
    }),
  ) as Record<PartName, Part>;
  return { version: inventoryVersion, access: 'serial', user: 'root', seconds: 2, slowness, parts };
}

export function cellWith(id: string, otherwise: Otherwise = {}): RecordedCell {
  const [format = '', arch = ''] = id.split('.');
  const checks = ['sshd', 'power'].map((name) => ({ name, verdict: 'passed', reason: '' }));
  return { id, format, arch, verdict: 'passed', reason: '', checks, inventory: inventoryWith(otherwise) };
}

export const runOf = (...cells: RecordedCell[]): RecordedRun => ({
  name: 'reports',
  contract: 'nixos-images',
  started: '2026-11-21T09:00:00.000Z',
  images: [{ name: 'nixos.qcow2', sha256: '0'.repeat(64) }],
  cells,
});
