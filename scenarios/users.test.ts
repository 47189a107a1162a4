import { expect, it } from 'vitest';
import { reasonOf } from '../test/guest-programs.ts';
import { users } from './users.ts';

const programs = {
  getent: `case "$1 $2" in
'passwd root') echo root:x:0:0:root:/root:/bin/bash ;;
'passwd nixos') echo nixos:x:1000:100::/home/nixos:/bin/sh ;;
'passwd open') echo open:x:1001:100::/:/bin/sh ;;
'shadow root') echo 'root:$y$j9T$salt$hash:1::::::' ;;
'shadow nixos') echo 'nixos:!:1::::::' ;;
'shadow open') echo 'open::1::::::' ;;
*) exit 2 ;;
esac`,
  id: 'echo users wheel',
  runuser: `case "$*" in *'nixos -- sudo -n id -u') echo 0 ;; *) echo "a password is required" >&2; exit 1 ;; esac`,
};
const reason = (promised: NonNullable<Parameters<typeof reasonOf>[1]['users']>) =>
  reasonOf(users, { users: promised }, programs);

it('passes where accounts are as promised', async () => {
  expect(
    await reason({
      root: { uid: 0, password: 'hash', shell: '/bin/bash', becomesRoot: null },
      nixos: { uid: 1000, password: 'locked', groups: ['wheel'], becomesRoot: 'sudo' },
      open: { password: 'none' },
      nobody: null,
    }),
  ).toBe('');
});

it('tells each promise that is broken', async () => {
  expect(
    await reason({
      root: null,
      alice: {},
      open: { password: 'hash', groups: ['wheel', 'kvm'], becomesRoot: 'doas' },
      nixos: { uid: 1001, becomesRoot: null },
    }),
  ).toBe(
    [
      'expected no user root, got one',
      'expected a user alice, got none',
      'expected the password of open to be hash, got none',
      'expected open in the groups kvm, got users, wheel',
      'expected open to become root by doas without a password, got root by no way',
      'expected the uid of nixos to be 1001, got 1000',
      'expected nixos not to become root without a password, got root by sudo',
    ].join('; '),
  );
});
