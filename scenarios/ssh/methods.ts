/** The ways to prove who one is, with the setting that switches each (sshd_config(5)). */
const settingOf: Readonly<Record<string, string>> = {
  publickey: 'pubkeyauthentication',
  password: 'passwordauthentication',
  'keyboard-interactive': 'kbdinteractiveauthentication',
};

/**
 * Does the server that answers from outside offer what its configuration says? Another one may answer than the one
 * that was asked, or run with a configuration that has changed since.
 * @param values what `sshd -T` says, keyword to value.
 * @param offered the methods that the server named to a stranger.
 */
export function compareMethods(
  values: ReadonlyMap<string, string>,
  offered: readonly string[],
): string | null {
  // Steps in an order of its own: only the first ones are offered.
  if ((values.get('authenticationmethods') ?? 'any') !== 'any') return null;
  for (const [method, keyword] of Object.entries(settingOf)) {
    const value = values.get(keyword);
    if (value === undefined || offered.includes(method) === (value === 'yes')) continue;
    const got = offered.join(', ') || 'none';
    return `expected the methods of \`sshd -T\`, which has ${keyword} ${value}; from outside the server offers ${got}`;
  }
  return null;
}
