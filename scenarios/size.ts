import { quote } from '../harness/shell-quote.ts';
import { ask } from './ask.ts';
import { withoutUserSettings } from './nix/without-user-settings.ts';
import { conclude, scenario } from './scenario.ts';

const closureScript = `${withoutUserSettings}
nix --extra-experimental-features nix-command path-info -S /run/current-system`;

const compare = (what: string, most: number, mib: number | undefined, answer: string): string | null => {
  if (mib === undefined) return `expected ${what} to be told, got: ${answer}`;
  return mib <= most ? null : `expected ${what} to be at most ${most} MiB, got ${mib.toFixed(1)} MiB`;
};

/** What the system takes on its file systems, and its closure in the Nix store. */
export const size = scenario('size', { contract: 'size', readOnly: true }, async ({ guest, contract }) => {
  const { closure, used = {} } = contract.size;
  const problems: (string | null)[] = [];
  for (const [path, most] of Object.entries(used)) {
    const answer = await ask(guest, `df ${path}`, `df -kP ${quote(path)} | tail -n 1`);
    const kib = /^.*\s\d+\s+(\d+)\s+\d+\s+\d+%\s/.exec(answer)?.[1];
    problems.push(
      compare(`what is in use at ${path}`, most, kib === undefined ? undefined : Number(kib) / 1024, answer),
    );
  }
  if (closure !== undefined) {
    const answer = await ask(guest, 'nix path-info -S /run/current-system', closureScript, 180);
    const bytes = /^\/\S+\s+(\d+)\s*$/m.exec(answer)?.[1];
    problems.push(
      compare(
        'the closure of the system',
        closure,
        bytes === undefined ? undefined : Number(bytes) / 2 ** 20,
        answer,
      ),
    );
  }
  return conclude(problems);
});
