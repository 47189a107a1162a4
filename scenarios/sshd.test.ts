import { chmod, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { commandResult } from '../harness/console/shells/shell.ts';
import { hostGuest, me } from '../test/host-guest.ts';
import type { HostGuest } from '../test/host-guest.ts';
import { scratchDirectory } from '../test/scratch.ts';
import { startSshServer } from '../test/ssh-server.ts';
import type { SshServerOptions } from '../test/ssh-server.ts';
import type { Contract } from './contracts/contract.ts';
import { nixosImages } from './contracts/systems/nixos-images.ts';
import type { Outcome } from './scenario.ts';
import { sshd } from './sshd.ts';

interface Defects extends SshServerOptions {
  /** What `sshd -T` says of root. @default yes */
  permitRootLogin?: string;
  /** Whether authorized_keys has the key. @default true */
  authorized?: boolean;
  /** Whether the guest has the host key that the server shows. @default true */
  ownsHostKey?: boolean;
  /** Whether the contract has the private key. @default true */
  privateKey?: boolean;
  /** Whether the host key is older than the boot. @default false */
  bakedIn?: boolean;
  /** Which other machine has the same host key. */
  sameHostKey?: string;
  /** More of what `sshd -T` says. */
  settings?: string;
  /** Whether it writes its keywords as OpenSSH 10.6 does. @default false */
  mixedCase?: boolean;
}

/** How OpenSSH 10.6 writes the keywords that are looked at. */
const mixedCase: Readonly<Record<string, string>> = {
  port: 'Port',
  permitrootlogin: 'PermitRootLogin',
  hostkey: 'HostKey',
  authorizedkeysfile: 'AuthorizedKeysFile',
  passwordauthentication: 'PasswordAuthentication',
};

/** A server on this host and a guest whose `sshd -T` tells of it. */
async function check(defects: Defects): Promise<{ outcome: Outcome; guest: HostGuest; keys: string }> {
  await using server = await startSshServer(defects);
  const path = await scratchDirectory();
  const keys = join(path, 'authorized_keys');
  const other = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKQ6mkR7siw01qo8FPru7N5AyP9qkr3B1VtiERugolDz';
  await writeFile(keys, `# keys\n${(defects.authorized ?? true) ? server.authorizedKey : other}\n`);
  await writeFile(join(path, 'host'), '');
  if (defects.bakedIn ?? false) await utimes(join(path, 'host'), 1, 1);
  await writeFile(
    join(path, 'host.pub'),
    (defects.ownsHostKey ?? true) ? await readFile(server.hostKey) : `${other}\n`,
  );
  const lowerCase = `port 22\npermitrootlogin ${defects.permitRootLogin ?? 'yes'}\nhostkey ${join(path, 'host')}\nauthorizedkeysfile ${path}/nothing %h/.none ${path}/authorized_%%keys ${keys}\n${defects.settings ?? 'passwordauthentication yes'}`;
  const settings =
    (defects.mixedCase ?? false)
      ? lowerCase.replaceAll(/^[a-z]+/gm, (word) => mixedCase[word] ?? word)
      : lowerCase;
  await writeFile(join(path, 'sshd'), `#!/bin/sh\ncat <<'END'\n${settings}\nEND\n`);
  await chmod(join(path, 'sshd'), 0o755);

  const contract: Contract = {
    ...nixosImages,
    sshd: {
      user: me,
      authorizedKey: server.authorizedKey,
      permitRootLogin: 'yes',
      ...((defects.privateKey ?? true) ? { privateKey: server.privateKey } : {}),
    },
  };
  const guest = await hostGuest({
    ssh: { host: '127.0.0.1', port: server.port },
    claim: () => defects.sameHostKey ?? null,
    env: { PATH: `${path}:${process.env['PATH'] ?? ''}` },
  });
  const outcome = await sshd.check(guest, contract);
  return { outcome, guest, keys: await readFile(keys, 'utf8') };
}

describe('sshd', () => {
  it('passes with the evidence', async () => {
    const { outcome, guest } = await check({});
    expect(outcome).toEqual({ verdict: 'passed' });
    expect(
      guest.evidence.map(({ action, access }) => `${access}: ${action.replaceAll(/\/\S+\/|tmp\.\S+/g, '')}`),
    ).toEqual([
      'outside: connect to port 22',
      'serial: sshd -T',
      'serial: read authorized_keys',
      'outside: ssh-keyscan -t ed25519,ecdsa,rsa',
      'serial: host keys in the guest',
      expect.stringContaining(`ssh: ssh ${me}@guest with the promised key: cat `),
      `outside: ssh ${me}@guest with the empty password`,
      `outside: ssh ${me}@guest with a password that was made up`,
      `outside: ssh ${me}@guest with no key and no password`,
      'outside: algorithms that the server offers',
      `outside: ssh ${me}@guest with a stranger's key`,
    ]);
    expect(guest.evidence.find(({ action }) => action.includes('no key'))?.observed).toMatch(
      /^\S.*Permission denied \(publickey,password\)\.$/s,
    );
    expect(guest.evidence.find(({ action }) => action.startsWith('algorithms'))?.observed).toMatch(
      /^KEX algorithms: \S+\nhost key algorithms: ssh-ed25519\nciphers ctos: \S+\n/,
    );
  });

  const both = { methods: ['publickey', 'password', 'keyboard-interactive'] } satisfies Defects;

  it.each<[string, Defects]>([
    ['asks by keyboard-interactive, too', both],
    ['ends the connection at the first no (MaxAuthTries 1)', { ...both, maxAuthTries: 1 }],
    ['ends the connection at the second no (MaxAuthTries 2)', { ...both, maxAuthTries: 2 }],
    [
      'does so, and drops whoever connects in the next seconds (PerSourcePenalties)',
      { ...both, maxAuthTries: 1, penaltySeconds: 11 },
    ],
    ['takes keys alone', { methods: ['publickey'], settings: 'passwordauthentication no' }],
    ['greets whoever logs in', { greeting: 'Welcome to the machine!\nHave a lot of fun...\n' }],
    ['greets without a newline', { greeting: 'bcdefghijkln' }],
    ['writes its settings in another case (OpenSSH 10.6)', { mixedCase: true }],
  ])('passes where a sound server %s', async (_, defects) => {
    expect((await check(defects)).outcome).toEqual({ verdict: 'passed' });
  });

  it.each<[string, Defects, RegExp]>([
    [
      'the empty password is let in',
      { letsIn: 'empty-password' },
      /^expected a login with the empty password to be refused, but sshd lets \S+ in with it \(method password\)$/,
    ],
    [
      'any password is let in',
      { letsIn: 'any-password' },
      /^expected a login with a password that was made up to be refused, but sshd lets \S+ in with it \(method password\)$/,
    ],
    [
      'any answer is let in by keyboard-interactive',
      { ...both, letsIn: 'any-answer' },
      /^expected a login with a password that was made up to be refused, but sshd lets \S+ in with it \(method keyboard-interactive\)$/,
    ],
    [
      'any answer is let in, and a refused password ends the connection',
      { ...both, letsIn: 'any-answer', maxAuthTries: 1 },
      /^expected a login with a password that was made up to be refused, but sshd lets \S+ in with it \(method keyboard-interactive\)$/,
    ],
    [
      "a stranger's key is the first of several proofs",
      { letsIn: 'any-key', wantsMore: true },
      /^expected a login with a stranger's key to be refused, but sshd takes it as the first of several proofs \(method publickey\);/,
    ],
    [
      'everybody is let in',
      { letsIn: 'none' },
      /^expected a login with the empty password to be refused, .* \(method none\); expected a login with a password .* \(method none\); expected a login with no key and no password to be refused, .* \(method none\)$/,
    ],
    [
      'the key is refused',
      { takesKey: false },
      /^expected \S+ to be let in with the promised key, got: .* Permission denied \(publickey,password\)\.$/,
    ],
    [
      'root is not permitted',
      { permitRootLogin: 'without-password' },
      /^expected sshd's PermitRootLogin to be yes, got prohibit-password$/,
    ],
    [
      'the key is not in place',
      { authorized: false },
      /^expected the key ssh-ed25519 SHA256:\S+ to be authorized in .*\/authorized_%keys or .*, got ssh-ed25519 SHA256:\S+$/,
    ],
    [
      'any key is let in',
      { letsIn: 'any-key' },
      /^expected a login with a stranger's key to be refused, but sshd lets \S+ in with it \(method publickey\)$/,
    ],
    [
      'the host key came with the image',
      { bakedIn: true },
      /^expected host keys that are made on the machine, got some that came with the image, the same on all machines: \S+\/host of 1970-01-01T00:00:01\.000Z$/,
    ],
    [
      'another machine of the run has the same host key',
      { sameHostKey: 'iso-installer.x86_64.bios.usb' },
      /^expected host keys that no other machine has, got some that another one of this run shows, too: ssh-ed25519 SHA256:\S+, as iso-installer\.x86_64\.bios\.usb$/,
    ],
    [
      'the configuration is not the one that answers',
      { settings: 'passwordauthentication no' },
      /^expected the methods of `sshd -T`, which has passwordauthentication no; from outside the server offers publickey, password$/,
    ],
    [
      'weak algorithms are offered',
      { algorithms: { hmac: ['hmac-sha2-256', 'hmac-md5'] } },
      /^expected the SSH server to offer no weak algorithm, got hmac-md5 \(RFC 6151\)$/,
    ],
    [
      'another machine answers',
      { ownsHostKey: false },
      /^expected the host keys of this guest from outside, got one that it does not have: ssh-ed25519 SHA256:\S+$/,
    ],
  ])('fails where %s', async (_, defects, reason) => {
    const { outcome } = await check(defects);
    expect(outcome).toEqual({ verdict: 'failed', reason: expect.stringMatching(reason) });
  });

  it('puts a throw-away key beside the promised one where only its owner has the private half', async () => {
    // This server takes one key only, so the throw-away one is refused: it was tried, and nothing of it is left.
    const { outcome, keys } = await check({ privateKey: false });
    expect(outcome).toMatchObject({
      verdict: 'failed',
      reason: expect.stringContaining('with a throw-away key'),
    });
    expect(keys).toMatch(/^# keys\nssh-ed25519 \S+ test\n$/);
  });
});

describe('a port on which nothing answers', () => {
  it.each([
    ['closed', 'running', 'expected an SSH server, but nothing listens on port 22 and the boot is over'],
    ['closed', 'starting', 'expected an SSH server on port 22, got from outside: closed without a banner'],
    [
      'listens',
      'running',
      'expected an SSH server on port 22, got from outside: closed without a banner; the port listens in the guest, so the way to it is closed',
    ],
  ])('is told where it %s and the system is %s', async (port, system, reason) => {
    // As QEMU's user network does it: accepted on the host, closed once the guest has refused.
    const server = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const guest = await hostGuest({
      ssh: { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
      shell: {
        access: 'serial',
        user: 'root',
        run: async (script) =>
          commandResult(
            0,
            Buffer.from(script.includes('is-system-running') ? `${system}\r\n` : `port-22 ${port}\r\n`),
          ),
      },
      slowness: 0.01,
    });
    const outcome = await sshd.check(guest, nixosImages).catch((error: unknown) => error);
    const isOver = port === 'closed' && system === 'running';
    expect(outcome).toMatchObject(isOver ? { verdict: 'failed', reason } : { ranOut: true, message: reason });
    server.close();
  });
});
