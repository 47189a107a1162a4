import { quote } from '../harness/shell-quote.ts';
import { ask } from './ask.ts';
import { conclude, scenario } from './scenario.ts';

/** Seconds that one command may take: they tell their version, or help. */
const limit = 30;

/** Says where the command is, and what it ends with; what it says itself is cut. */
const script = (name: string, args: string | null): string => {
  const found = `command -v ${quote(name)} || { echo missing; exit; }`;
  if (args === null) return found;
  return `${found}
output=$(mktemp) || exit
timeout ${limit} ${quote(name)} ${args} </dev/null >"$output" 2>&1
echo "status $?"
head -c 2000 "$output" | tail -n 20
rm -f "$output"`;
};

function problemOf(name: string, args: string | null, answer: string): string | null {
  if (/^missing$/m.test(answer)) return `expected a command ${name}, got none on root's PATH`;
  if (args === null) return null;
  const status = /^status (\d+)$/m.exec(answer)?.[1];
  if (status === '0') return null;
  const last = answer.split('\n').at(-1) ?? '';
  const how = status === '124' ? `no end within ${limit} s` : `status ${status ?? 'unknown'}`;
  return `expected \`${name} ${args}\` to succeed, got ${how}: ${last}`;
}

/** Commands that are there, and that run. */
export const commands = scenario('commands', { contract: 'commands' }, async ({ guest, contract }) => {
  const problems: (string | null)[] = [];
  for (const [name, args] of Object.entries(contract.commands)) {
    const answer = await ask(guest, [name, args].filter(Boolean).join(' '), script(name, args), limit + 10);
    problems.push(problemOf(name, args, answer));
  }
  return conclude(problems);
});
