import type { Guest } from '../../harness/console/guest.ts';
import type { Contract } from '../contracts/contract.ts';
import { runAsRoot } from '../guest-script.ts';
import { quote } from '../../harness/shell-quote.ts';

type Sshd = NonNullable<Contract['sshd']>;

/** What the running configuration comes to for one user, as `sshd -T` tells it. */
export interface ServerSettings {
  /** Lower-case keyword to value. */
  values: Map<string, string>;
  /** Files in which this user's authorized keys are looked up, absolute. */
  authorizedKeysFiles: string[];
}

/** sshd wants to be called by its absolute path; where it is not on PATH, the running one tells it. */
const dumpScript = (user: string): string => `
sshd=$(command -v sshd) || sshd=$(readlink "/proc/$(pidof -s sshd)/exe")
"$sshd" -T -C user=${quote(user)},host=localhost,addr=10.0.2.2,laddr=10.0.2.15,lport=22 || exit
home=$(getent passwd ${quote(user)} | cut -d: -f6)
echo "home-directory \${home%/}"`;

/** Reads what `dumpScript` prints. */
export function parseSettings(output: string, user: string): ServerSettings {
  const values = new Map<string, string>();
  for (const line of output.split('\n')) {
    const [word = '', ...words] = line.trim().split(' ');
    // Keywords never had a case (sshd_config(5)): OpenSSH 10.6 prints them as its manual writes them, older ones do not.
    const keyword = word.toLowerCase();
    if (keyword !== '' && !values.has(keyword)) values.set(keyword, words.join(' '));
  }
  const home = values.get('home-directory') ?? '';
  const files = (values.get('authorizedkeysfile') ?? '')
    .split(' ')
    .filter((file) => file !== '' && file !== 'none');
  return {
    values,
    authorizedKeysFiles: files
      .map((file) =>
        file.replaceAll(/%[%hu]/g, (token) => ({ '%%': '%', '%h': home, '%u': user })[token] ?? token),
      )
      .map((file) => (file.startsWith('/') ? file : `${home}/${file}`)),
  };
}

/** `sshd -T` has kept the name of before 2015 for the same setting. */
const modernName = (value: string): string => value.replace('without-password', 'prohibit-password');

/** What sshd's configuration says about root, against the contract; the settings for the checks that follow. */
export async function checkSettings(
  guest: Guest,
  { user, permitRootLogin }: Sshd,
): Promise<{ settings: ServerSettings; problem: string | null }> {
  const { output } = await runAsRoot(guest, dumpScript(user));
  const settings = parseSettings(output, user);
  const told = [
    'permitrootlogin',
    'permitemptypasswords',
    'passwordauthentication',
    'pubkeyauthentication',
    'authorizedkeysfile',
  ];
  const value = settings.values.get('permitrootlogin');
  guest.note({
    action: 'sshd -T',
    observed:
      value === undefined
        ? output.trim()
        : told.map((keyword) => `${keyword} ${settings.values.get(keyword) ?? '?'}`).join('\n'),
    access: guest.shell.access,
  });
  if (value === undefined) {
    const [first = ''] = output.trim().split('\n');
    return { settings, problem: `expected sshd -T to tell its settings, got: ${first || 'nothing'}` };
  }
  const got = modernName(value);
  const problem =
    got === permitRootLogin ? null : `expected sshd's PermitRootLogin to be ${permitRootLogin}, got ${got}`;
  return { settings, problem };
}
