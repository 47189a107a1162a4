import { ask } from './ask.ts';
import { withoutUserSettings } from './nix/without-user-settings.ts';
import { conclude, scenario } from './scenario.ts';

/** All settings, as `name = value`; `nix show-config` is what it was called before nix 2.20. */
const settingsScript = `${withoutUserSettings}
nix --extra-experimental-features nix-command config show 2>"$d/error" || nix --extra-experimental-features nix-command show-config 2>>"$d/error" || cat "$d/error"`;

/** The registry without what a network would bring: nix 2.8 takes the empty name, which is to mean none, for an address. */
const registryScript = `${withoutUserSettings}
echo '{"flakes":[],"version":2}' >"$d/registry.json"
nix --extra-experimental-features 'nix-command flakes' --option flake-registry "$d/registry.json" registry list`;

const wordsOf = (value: string): string[] => value.split(/\s+/).filter(Boolean);

const sorted = (value: string): string => wordsOf(value).toSorted().join(' ');

/**
 * A setting's words in an order of ours. Wherever flakes is set nix 2.34 tells fetch-tree, too, whether it was named or not,
 * and nix 2.8 does not.
 */
function settingOf(name: string, value: string): string {
  const words = wordsOf(value);
  const implied = name === 'experimental-features' && words.includes('flakes') ? ['fetch-tree'] : [];
  return [...new Set([...words, ...implied])].toSorted().join(' ');
}

/** Nix: which one it is, how it is set, and what it knows by name. */
export const nix = scenario('nix', { contract: 'nix', readOnly: true }, async ({ guest, contract }) => {
  const { channels, implementation, registry, settings = {} } = contract.nix;
  const problems: (string | null)[] = [];
  if (implementation !== undefined) {
    const version = await ask(guest, 'nix --version', 'nix --version');
    const found = /\(Lix/.test(version) ? 'lix' : /^nix \(/m.test(version) ? 'nix' : null;
    problems.push(found === implementation ? null : `expected ${implementation}, got ${version}`);
  }
  if (Object.keys(settings).length > 0) {
    const answer = await ask(guest, 'nix config show', settingsScript, 120);
    for (const [name, wanted] of Object.entries(settings)) {
      const found = new RegExp(`^${name} = ?(.*)$`, 'm').exec(answer)?.[1];
      const holds = found !== undefined && settingOf(name, found) === settingOf(name, wanted);
      problems.push(
        holds
          ? null
          : `expected nix's ${name} to be '${wanted}', got ${found === undefined ? answer.split('\n')[0] : `'${found}'`}`,
      );
    }
  }
  if (channels !== undefined) {
    const answer = await ask(guest, 'nix-channel --list', 'nix-channel --list');
    const found = answer.split('\n').flatMap((line) => /^(\S+) \S+:\/\//.exec(line)?.[1] ?? []);
    const same = sorted(found.join(' ')) === sorted(channels.join(' '));
    problems.push(
      same ? null : `expected ${channels.join(', ') || 'no'} channels, got ${found.join(', ') || 'none'}`,
    );
  }
  if (registry !== undefined) {
    const answer = await ask(guest, 'nix registry list', registryScript, 120);
    const found = [...answer.matchAll(/^(?:system|global) flake:(\S+) /gm)].map(([, name]) => name);
    const missing = registry.filter((name) => !found.includes(name));
    problems.push(
      missing.length === 0
        ? null
        : `expected ${missing.join(', ')} in nix's registry, got ${found.join(', ') || 'none'}`,
    );
  }
  return conclude(problems);
});
