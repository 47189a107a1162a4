import { expect, it } from 'vitest';
import { reasonOf } from '../test/guest-programs.ts';
import { network } from './network.ts';

const programs = {
  systemctl: `case "$*" in
is-system-running) echo running ;;
'is-active -- NetworkManager.service') echo active ;;
*) echo inactive; exit 3 ;;
esac`,
  ip: `case "$*" in
'-4 -o addr show scope global') echo '2: ens3    inet 10.0.2.15/24 brd 10.0.2.255 scope global dynamic ens3\\       valid_lft 86399sec' ;;
'-4 route show default') echo 'default via 10.0.2.2 dev ens3 proto dhcp' ;;
esac`,
  getent: '[ "$2" = localhost ] && echo "::1 STREAM localhost"',
};
const offline = { ...programs, ip: 'true', sleep: 'true' };
const manager = 'NetworkManager.service';

it('passes with manager, address, route and names, and with what is off', async () => {
  const off = ['wpa_supplicant.service'];
  const promised = { manager, address: true, route: true, resolves: ['localhost'], off };
  expect(await reasonOf(network, { network: promised }, programs)).toBe('');
  expect(await reasonOf(network, { network: { address: false, route: false } }, offline)).toBe('');
});

it('tells each promise that is broken', async () => {
  const promised = {
    manager: 'systemd-networkd.service',
    address: true,
    route: true,
    resolves: ['nowhere.local'],
    off: [manager],
  };
  expect(await reasonOf(network, { network: promised }, offline)).toBe(
    [
      'expected systemd-networkd.service to manage the network, which is inactive',
      'expected NetworkManager.service to be off, got active',
      'expected an IPv4 address, got none',
      'expected an IPv4 default route, got none',
      'expected the name nowhere.local to resolve, got no address',
    ].join('; '),
  );
  expect(await reasonOf(network, { network: { address: false } }, programs)).toBe(
    'expected no IPv4 address, got ens3 10.0.2.15/24',
  );
});
