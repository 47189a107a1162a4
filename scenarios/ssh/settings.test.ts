import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compareMethods } from './methods.ts';
import { parseSettings } from './settings.ts';

const corpus = join(import.meta.dirname, '../../test/corpus/sshd');

/** What `sshd -T` of Debian 12 and of Debian unstable says, with what our script says behind it. */
test.each([
  ['openssh-9.2.txt', 'without-password'],
  ['openssh-10.6.txt', 'prohibit-password'],
])('the settings of %s are read', async (file, permitRootLogin) => {
  const { values, authorizedKeysFiles } = parseSettings(await readFile(join(corpus, file), 'utf8'), 'root');
  expect(Object.fromEntries(values)).toMatchObject({
    permitrootlogin: permitRootLogin,
    permitemptypasswords: 'no',
    passwordauthentication: 'yes',
    pubkeyauthentication: 'yes',
    kbdinteractiveauthentication: expect.stringMatching(/^(yes|no)$/),
    authenticationmethods: 'any',
  });
  expect(authorizedKeysFiles).toEqual(['/root/.ssh/authorized_keys', '/root/.ssh/authorized_keys2']);
  const offered = ['publickey', 'password', 'keyboard-interactive'].filter(
    (method) => method !== 'keyboard-interactive' || values.get('kbdinteractiveauthentication') === 'yes',
  );
  expect(compareMethods(values, offered)).toBeNull();
  expect(compareMethods(values, ['publickey'])).toMatch(/passwordauthentication yes/);
});
