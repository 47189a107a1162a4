import { quote } from '../harness/shell-quote.ts';
import { ask, fieldsOf } from './ask.ts';
import { runAsRoot } from './guest-script.ts';
import type { Guest } from '../harness/console/guest.ts';
import type { Contract } from './contracts/contract.ts';
import { conclude, scenario } from './scenario.ts';

type Promised = NonNullable<NonNullable<Contract['files']>[string]>;

/** Of a file larger than that only the beginning is read. */
const mostBytes = 256 * 1024;

const script = (path: string): string => `f=${quote(path)}
[ -e "$f" ] || [ -L "$f" ] || { echo absent; exit; }
if [ -L "$f" ]; then echo "type link $(readlink "$f")"; elif [ -d "$f" ]; then echo "type directory"; elif [ -f "$f" ]; then echo "type file"; else echo "type other"; fi
[ -e "$f" ] || { echo dangling; exit; }
echo "mode $(stat -L -c %a "$f")"
echo "owner $(stat -L -c %U "$f")"
[ -w "$f" ] && echo writable
true`;

async function readText(guest: Guest, path: string): Promise<string> {
  const { bytes } = await runAsRoot(guest, `head -c ${mostBytes} ${quote(path)}`);
  return new TextDecoder().decode(bytes);
}

async function problemsOf(guest: Guest, path: string, promised: Promised | null): Promise<string[]> {
  const got = fieldsOf(await ask(guest, `stat ${path}`, script(path)));
  const isThere = !got.has('absent');
  if (promised === null) return isThere ? [`expected no ${path}, got one`] : [];
  if (!isThere) return [`expected ${path}, got none`];
  if (got.has('dangling'))
    return [`expected ${path}, got a link to what is not there: ${got.get('type')?.slice(5)}`];
  const problems: string[] = [];
  const compare = (what: string, wanted: string | undefined, found = ''): void => {
    if (wanted !== undefined && wanted !== found)
      problems.push(`expected the ${what} of ${path} to be ${wanted}, got ${found || 'none'}`);
  };
  compare('type', promised.type, got.get('type')?.split(' ')[0]);
  compare('mode', promised.mode?.replace(/^0(?=...$)/, ''), got.get('mode'));
  compare('owner', promised.owner, got.get('owner'));
  if (promised.readOnly === true && got.has('writable'))
    problems.push(`expected ${path} to be read-only, got one that root can write to`);
  const { content, matches } = promised;
  if (content === undefined && matches === undefined) return problems;
  const text = await readText(guest, path);
  guest.note({ action: `read ${path}`, observed: text.slice(0, 4000), access: guest.shell.access });
  if (content !== undefined && text.trimEnd() !== content.trimEnd())
    problems.push(`expected ${path} to hold ${shown(content)}, got ${shown(text)}`);
  if (matches !== undefined && !new RegExp(matches, 'm').test(text))
    problems.push(`expected ${path} to match /${matches}/, got ${shown(text)}`);
  return problems;
}

const shown = (text: string): string => JSON.stringify(text.trimEnd().slice(0, 80));

/** Files: that they are there or not, their modes, what is in them, and that they cannot be written. */
export const files = scenario('files', { contract: 'files', readOnly: true }, async ({ guest, contract }) => {
  const problems: string[] = [];
  for (const [path, promised] of Object.entries(contract.files))
    problems.push(...(await problemsOf(guest, path, promised)));
  return conclude(problems);
});
