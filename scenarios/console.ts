import type { Guest } from '../harness/console/guest.ts';
import { ask } from './ask.ts';
import { conclude, scenario } from './scenario.ts';

/**
 * kmscon's configuration: where the one that runs was told to look, else where it looks by itself (kmscon(1)). NixOS starts
 * it with --configdir.
 */
const kmsconScript = `
told=$(cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n' | sed -n '/^--configdir$/{n;p;}; s/^--configdir=//p' | head -n 1)
cat "\${told:-/etc/kmscon}/kmscon.conf" 2>&1`;

/** What PAM says at a login: the files that its rules for `login` name, or those that it takes itself (pam_motd(8)). */
const motdScript = `
files=$(sed -n '/^[^#]*pam_motd\\.so/{s/.* motd=\\([^ ]*\\).*/\\1/;t found
s/.*/\\/etc\\/motd:\\/run\\/motd:\\/usr\\/lib\\/motd/
:found
p;}' /etc/pam.d/login | tr ':' ' ')
for file in \${files:-/etc/motd}; do [ ! -f "$file" ] || cat "$file"; done`;

async function fontProblem(guest: Guest, wanted: string): Promise<string | null> {
  const answer = await ask(guest, "read kmscon's configuration", kmsconScript);
  const told = /^font-name=(.*)$/m.exec(answer)?.[1];
  const fonts = told?.split(',').map((font) => font.trim()) ?? [];
  if (fonts.includes(wanted)) return null;
  return `expected kmscon's font to be ${wanted}, got ${told ?? (answer.split('\n')[0] || 'no configuration')}`;
}

async function motdProblem(guest: Guest, wanted: string): Promise<string | null> {
  const answer = await ask(guest, 'read what a login says first', motdScript);
  if (new RegExp(wanted, 'm').test(answer)) return null;
  const got = answer === '' ? 'nothing' : JSON.stringify(answer.slice(0, 80));
  return `expected a login to say what matches /${wanted}/, got ${got}`;
}

/** What a person reads at the virtual screen: in which font, and what a login says first. */
export const console = scenario(
  'console',
  { contract: 'console', readOnly: true },
  async ({ guest, contract }) => {
    const { kmsconFont, motd } = contract.console;
    return conclude([
      kmsconFont === undefined ? null : await fontProblem(guest, kmsconFont),
      motd === undefined ? null : await motdProblem(guest, motd),
    ]);
  },
);
