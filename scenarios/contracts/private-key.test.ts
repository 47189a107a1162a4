import { chmod, copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../harness/errors.ts';
import { scratchDirectory } from '../../test/scratch.ts';
import { nixosImages } from './systems/nixos-images.ts';
import { checkPrivateKeys } from './private-key.ts';

async function makeKey(path: string, ...options: string[]): Promise<{ path: string; line: string }> {
  await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', path, ...options], {
    stdin: 'ignore',
  });
  return { path, line: (await readFile(`${path}.pub`, 'utf8')).trim() };
}

/** What is said of a private key that was made and then changed; null: nothing. */
async function said(
  change: (path: string) => Promise<unknown>,
  { authorizedKey }: { authorizedKey?: string } = {},
): Promise<string | null> {
  const { path, line } = await makeKey(join(await scratchDirectory(), 'key'));
  await change(path);
  const sshd = {
    user: 'root',
    authorizedKey: authorizedKey ?? line,
    privateKey: path,
    permitRootLogin: 'yes',
  } as const;
  try {
    await checkPrivateKeys({ ...nixosImages, sshd }, 'mine.json');
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return String((error as Error).message).replaceAll(path, 'key');
  }
}

const change =
  (become: (text: string) => string) =>
  async (path: string): Promise<void> =>
    writeFile(path, become(await readFile(path, 'utf8')));

const usable =
  "The contract 'mine.json' is wrong at sshd.privateKey: expected a private key that ssh can use, got 'key', ";

describe('a private key', () => {
  it('is taken where ssh takes it', async () => {
    expect(await said(async () => {})).toBeNull();
    expect(await said(async () => {}, { authorizedKey: 'ssh-ed25519' })).toBeNull();
    // ssh refuses what others can read; we read a copy of our own, since a checkout's mode is nobody's choice.
    expect(await said((path) => chmod(path, 0o644))).toBeNull();
    expect(await said((path) => makePem(path), { authorizedKey: 'ssh-rsa' })).toBeNull();
  });

  it.each<[string, (path: string) => Promise<unknown>, string]>([
    [
      'lost its last newline',
      change((text) => text.trimEnd()),
      'whose last line has no newline at its end; add it.',
    ],
    [
      'has lines that end in CR LF',
      change((text) => text.replaceAll('\n', '\r\n')),
      'whose lines end in CR LF; write it with LF alone.',
    ],
    [
      'has a passphrase',
      (path) => execa('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'secret', '-f', path], { stdin: 'ignore' }),
      "which has a passphrase, and nobody is there to type it; take it off (ssh-keygen -p -N '' -f …).",
    ],
    [
      'is the public half',
      (path) => copyFile(`${path}.pub`, path),
      'a public key; name its other half, mostly the same path without .pub.',
    ],
    ['is empty', change(() => ''), 'an empty file; make a key (ssh-keygen).'],
    ['is cut short', change((text) => `${text.slice(0, 200)}\n`), 'which is none (ssh-keygen says: '],
    ['is something else', change(() => 'hello\n'), 'which is none (ssh-keygen says: '],
  ])('is refused where it %s', async (_, spoil, got) => {
    const message = await said(spoil);
    expect(message).toContain(`${usable}${got}`);
    expect(message).not.toContain('\n');
  });

  it('is refused where it is not that of the key that the contract promises', async () => {
    const other = await makeKey(join(await scratchDirectory(), 'other'));
    expect(await said(async () => {}, { authorizedKey: other.line })).toMatch(
      /expected the private half of sshd\.authorizedKey \(ssh-ed25519 SHA256:\S+\), got 'key', which is that of ssh-ed25519 SHA256:\S+\.$/,
    );
    expect(await said(async () => {}, { authorizedKey: 'ssh-rsa' })).toMatch(
      /expected the private half of sshd\.authorizedKey \(a key of type ssh-rsa\), got 'key', which is that of ssh-ed25519 SHA256:\S+\.$/,
    );
  });
});

/** A key in the older form, as openssl writes it. */
async function makePem(path: string): Promise<void> {
  await makeKey(`${path}.pem`, '-t', 'rsa', '-b', '2048', '-m', 'PEM');
  await copyFile(`${path}.pem`, path);
}
