import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { dir } from 'tmp-promise';
import { ownPrivateKey, sshMissing } from '../../harness/console/shells/ssh.ts';
import { UsageError } from '../../harness/errors.ts';
import { fingerprint, publicKeys } from '../ssh/host-keys.ts';
import type { Contract } from './contract.ts';

/**
 * Holds a contract's private keys against what ssh takes, and against the keys that the contract promises: what is wrong with
 * them is no guest's fault.
 * @param name of the contract, as it was given
 * @throws UsageError `contract-private-key`: what was expected, what was got, what to do.
 */
export async function checkPrivateKeys({ sshd, formats = {} }: Contract, name: string): Promise<void> {
  await checkPrivateKey(sshd, name);
  for (const own of Object.values(formats)) await checkPrivateKey(own.sshd, name);
}

async function checkPrivateKey(sshd: Contract['sshd'] | undefined, name: string): Promise<void> {
  if (sshd?.privateKey === undefined) return;
  // The schema has no private key without it.
  const { privateKey, authorizedKey = '' } = sshd;
  const refuse = (expected: string, got: string): UsageError =>
    new UsageError(
      'contract-private-key',
      `The contract '${name}' is wrong at sshd.privateKey: expected ${expected}, got '${privateKey}', ${got}.`,
    );
  const { said, key } = await publicHalf(privateKey);
  if (key === undefined)
    throw refuse('a private key that ssh can use', explain(await readFile(privateKey, 'latin1'), said));
  const [type = '', blob] = authorizedKey.split(' ');
  if (blob === undefined ? key.startsWith(`${type} `) : key === `${type} ${blob}`) return;
  const wanted = blob === undefined ? `a key of type ${type}` : fingerprint(authorizedKey);
  throw refuse(`the private half of sshd.authorizedKey (${wanted})`, `which is that of ${fingerprint(key)}`);
}

/** What ssh's own reader makes of a private key. */
async function publicHalf(privateKey: string): Promise<{ said: string; key: string | undefined }> {
  const { path, cleanup } = await dir({ prefix: 'bm-key-', unsafeCleanup: true });
  try {
    const copy = await ownPrivateKey(privateKey, path);
    const result = await execa('ssh-keygen', ['-y', '-P', '', '-f', copy], {
      stdin: 'ignore',
      reject: false,
      env: { LC_ALL: 'C' },
    });
    if (result.code === 'ENOENT') throw sshMissing(result);
    const [key] = result.exitCode === 0 ? publicKeys(result.stdout) : [];
    return { said: result.stderr, key };
  } finally {
    await cleanup();
  }
}

/** Why ssh cannot use it, and what to do. ssh itself tells of most only that libcrypto had an error. */
function explain(text: string, said: string): string {
  if (text.trim() === '') return 'an empty file; make a key (ssh-keygen)';
  if (/^(?:ssh|ecdsa|sk-ssh|sk-ecdsa)-\S+ /.test(text))
    return 'a public key; name its other half, mostly the same path without .pub';
  if (/incorrect passphrase/.test(said))
    return "which has a passphrase, and nobody is there to type it; take it off (ssh-keygen -p -N '' -f …)";
  if (text.includes('\r')) return 'whose lines end in CR LF; write it with LF alone';
  if (text.includes(' PRIVATE KEY-----') && !text.endsWith('\n'))
    return 'whose last line has no newline at its end; add it';
  const why = said.trim().split('\n').at(-1)?.split(': ').at(-1) ?? '';
  return `which is none (ssh-keygen says: ${why})`;
}
