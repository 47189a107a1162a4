import type { Guest } from '../harness/console/guest.ts';
import { run } from './guest-script.ts';
import { lastLine } from './last-line.ts';
import { withoutUserSettings } from './nix/without-user-settings.ts';
import { conclude, scenario } from './scenario.ts';

// `nix show-config` is what it was called before nix 2.20. Neither gets --extra-experimental-features: that would
// supply what is to be proven.
const settingsScript = `${withoutUserSettings}
nix --version || exit
{ nix config show experimental-features 2>"$d/error" || nix show-config 2>>"$d/error" | sed -n 's/^experimental-features = //p'; } >"$d/features"
[ -s "$d/features" ] || { cat "$d/error"; exit 1; }
echo "features $(cat "$d/features")"`;

/** The answer is put together by nix, so that a copy of the text is not one. */
const evalScript = (nonce: string): string => `${withoutUserSettings}
mkdir "$d/flake"
cat >"$d/flake/flake.nix" <<'FLAKE'
{ outputs = { self }: { answer = builtins.concatStringsSep "-" [ "${nonce}" (toString (6 * 7)) ]; }; }
FLAKE
answer=$(nix eval --raw "path:$d/flake#answer" 2>"$d/error")
status=$?
echo "answer $answer"
cat "$d/error"
exit $status`;

async function checkSettings(guest: Guest, expected: readonly string[]): Promise<string | null> {
  const { output } = await run(guest, settingsScript, 120);
  guest.note({
    action: 'nix config show experimental-features',
    observed: output.trim(),
    access: guest.shell.access,
  });
  const wanted = `expected nix to have the experimental features ${expected.join(' ')}`;
  const features = /^features (.*)$/m.exec(output)?.[1]?.trim().split(/\s+/);
  if (features === undefined) return `${wanted}, got: ${lastLine(output)}`;
  const missing = expected.filter((feature) => !features.includes(feature));
  return missing.length === 0
    ? null
    : `${wanted}, got ${features.join(' ')}: ${missing.join(' ')} is missing`;
}

async function checkEvaluation(guest: Guest): Promise<string | null> {
  const { status, output } = await run(guest, evalScript(guest.nonce), 180);
  guest.note({ action: 'nix eval --raw path:…#answer', observed: output.trim(), access: guest.shell.access });
  const expected = `${guest.nonce}-42`;
  const answer = /^answer (.*?)\r?$/m.exec(output)?.[1];
  if (status === 0 && answer === expected) return null;
  const got = status === 0 ? `${answer}` : lastLine(output);
  return `expected a local flake without inputs to evaluate to ${expected}, got: ${got}`;
}

/** Flakes are on, and one evaluates where there is no network. */
export const flakes = scenario('flakes', { contract: 'flakes' }, async ({ guest, contract }) => {
  const settings = await checkSettings(guest, contract.flakes.experimentalFeatures);
  const evaluation = await checkEvaluation(guest);
  // Where a feature is off, that is why nothing evaluates.
  return conclude([settings ?? evaluation]);
});
