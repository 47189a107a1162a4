import { quote } from '../harness/shell-quote.ts';
import { ask, fieldsOf } from './ask.ts';
import { conclude, scenario } from './scenario.ts';

/** os-release(5) is a shell script of assignments, and there may be two. */
const releaseScript = (names: readonly string[]): string =>
  `(f=/etc/os-release; [ -e $f ] || f=/usr/lib/os-release; . $f; ${names.map((name) => `echo "${name} $${name}"`).join('; ')})`;

/** Whom the system is, that its boot got where it should, and which units failed on the way. */
export const system = scenario(
  'system',
  { contract: 'system', readOnly: true },
  async ({ guest, contract }) => {
    const { hostname, mayFail, osRelease = {}, target } = contract.system;
    const names = Object.keys(osRelease);
    const problems: (string | null)[] = [];
    if (hostname !== undefined) {
      const got = await ask(guest, 'uname -n', 'uname -n');
      problems.push(got === hostname ? null : `expected the hostname ${hostname}, got ${got}`);
    }
    if (names.length > 0) {
      const got = fieldsOf(await ask(guest, 'read os-release', releaseScript(names)));
      for (const [name, value] of Object.entries(osRelease)) {
        const found = got.get(name) ?? '';
        problems.push(
          found === value ? null : `expected ${name}=${value} in os-release, got ${found || 'none'}`,
        );
      }
    }
    if (target !== undefined) {
      const got = await ask(
        guest,
        `systemctl is-active ${target}`,
        `systemctl is-active -- ${quote(target)}`,
      );
      problems.push(got === 'active' ? null : `expected the boot to reach ${target}, which is ${got}`);
    }
    if (mayFail !== undefined) {
      const listed = await ask(
        guest,
        'systemctl --failed',
        "systemctl list-units --state=failed --plain --no-legend --full | cut -d ' ' -f 1",
      );
      const failed = listed.split('\n').filter((unit) => unit !== '' && !mayFail.includes(unit));
      const allowed = mayFail.length === 0 ? 'no failed unit' : `no failed unit but ${mayFail.join(', ')}`;
      problems.push(failed.length === 0 ? null : `expected ${allowed}, got ${failed.join(', ')}`);
      for (const unit of failed.slice(0, 5))
        await ask(
          guest,
          `systemctl status ${unit}`,
          `systemctl status --no-pager --full --lines=20 -- ${quote(unit)}`,
        );
    }
    return conclude(problems);
  },
);
