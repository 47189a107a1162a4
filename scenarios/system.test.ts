import { expect, it } from 'vitest';
import { reasonOf } from '../test/guest-programs.ts';
import { system } from './system.ts';

const systemctl = (target: string, ...failed: string[]): Record<string, string> => ({
  uname: 'echo nixos-installer',
  systemctl: `case "$1" in
is-system-running) echo degraded ;;
is-active) echo ${target} ;;
list-units) printf '${failed.map((unit) => `${unit} loaded failed failed What it does\\n`).join('')}' ;;
status) echo "why it failed" ;;
esac`,
});
const promised = { hostname: 'nixos-installer', target: 'multi-user.target', mayFail: ['a.service'] };

it('passes with the name, the target, and failures that are allowed', async () => {
  expect(await reasonOf(system, { system: promised }, systemctl('active', 'a.service'))).toBe('');
});

it('tells each promise that is broken', async () => {
  const programs = { ...systemctl('inactive', 'a.service', 'b.service'), uname: 'echo localhost' };
  expect(await reasonOf(system, { system: promised }, programs)).toBe(
    'expected the hostname nixos-installer, got localhost; expected the boot to reach multi-user.target, which is inactive; expected no failed unit but a.service, got b.service',
  );
});

it('reads os-release as a shell does', async () => {
  const id = await reasonOf(system, { system: { osRelease: { ID: 'debian', NO_SUCH: 'x' } } });
  expect(id).toMatch(
    /^(expected ID=debian in os-release, got \w+; )?expected NO_SUCH=x in os-release, got none$/,
  );
});
