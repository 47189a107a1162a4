import { quote } from '../harness/shell-quote.ts';
import { ask, fieldsOf } from './ask.ts';
import type { Contract } from './contracts/contract.ts';
import { conclude, scenario } from './scenario.ts';

type Account = NonNullable<NonNullable<Contract['users']>[string]>;

/** Ways to become root that ask nothing, each proven by the id that it gives. */
const waysToRoot = {
  sudo: 'sudo -n id -u',
  doas: 'doas -n id -u',
  run0: 'run0 --no-ask-password id -u',
} as const;

/** Each may wait for what is not there: for none who promises nothing. */
const tryWays = (user: string): string =>
  Object.entries(waysToRoot)
    .map(
      ([way, command]) =>
        `[ "$(timeout 20 runuser -u ${quote(user)} -- ${command} 2>/dev/null </dev/null)" = 0 ] && echo "root-by-${way} yes"`,
    )
    .join('\n');

/** What the account is, and by which ways its owner is root; a shadow entry is told by its kind, never itself. */
const script = (user: string, becomesRoot: Account['becomesRoot']): string => `
entry=$(getent passwd ${quote(user)}) || { echo absent; exit; }
echo "uid $(echo "$entry" | cut -d: -f3)"
echo "shell $(echo "$entry" | cut -d: -f7)"
echo "groups $(id -Gn ${quote(user)})"
case "$(getent shadow ${quote(user)} | cut -d: -f2)" in
  '') echo "password none" ;;
  '!'* | '*'*) echo "password locked" ;;
  *) echo "password hash" ;;
esac
${becomesRoot === undefined ? '' : tryWays(user)}
true`;

function problemsOf(user: string, promised: Account | null, got: ReadonlyMap<string, string>): string[] {
  if (promised === null) return got.has('absent') ? [] : [`expected no user ${user}, got one`];
  if (got.has('absent')) return [`expected a user ${user}, got none`];
  const problems: string[] = [];
  const compare = (what: string, wanted: string | undefined): void => {
    const found = got.get(what) ?? 'none';
    if (wanted !== undefined && wanted !== found)
      problems.push(`expected the ${what} of ${user} to be ${wanted}, got ${found}`);
  };
  compare('uid', promised.uid?.toString());
  compare('shell', promised.shell);
  compare('password', promised.password);
  const groups = (got.get('groups') ?? '').split(' ');
  const missing = promised.groups?.filter((group) => !groups.includes(group)) ?? [];
  if (missing.length > 0)
    problems.push(`expected ${user} in the groups ${missing.join(', ')}, got ${groups.join(', ')}`);
  const { becomesRoot } = promised;
  const ways = Object.keys(waysToRoot).filter((way) => got.has(`root-by-${way}`));
  if (becomesRoot === null && ways.length > 0)
    problems.push(`expected ${user} not to become root without a password, got root by ${ways.join(', ')}`);
  if (typeof becomesRoot === 'string' && !ways.includes(becomesRoot))
    problems.push(
      `expected ${user} to become root by ${becomesRoot} without a password, got root by ${ways.join(', ') || 'no way'}`,
    );
  return problems;
}

/** Accounts: that they are there or not, how they are locked, and who becomes root. */
export const users = scenario('users', { contract: 'users', readOnly: true }, async ({ guest, contract }) => {
  const problems: string[] = [];
  for (const [user, promised] of Object.entries(contract.users)) {
    const got = fieldsOf(
      await ask(guest, `look at the user ${user}`, script(user, promised?.becomesRoot), 90),
    );
    problems.push(...problemsOf(user, promised, got));
  }
  return conclude(problems);
});
