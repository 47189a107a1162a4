import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../harness/errors.ts';
import { scratchDirectory } from '../../test/scratch.ts';
import { contractSchema } from './contract.ts';
import { firstProblem } from './first-problem.ts';
import { loadContract } from './load.ts';
import { nixosImages } from './systems/nixos-images.ts';

describe('a built-in contract', () => {
  it('is found by its name', async () => {
    expect(await loadContract('nixos-images')).toEqual(nixosImages);
  });

  it('is the same for the reference images, with their key', async () => {
    const contract = await loadContract('reference');
    expect(contract).toMatchObject({
      keyboard: { layout: 'ch' },
      autologin: { serial: { default: 'root' } },
    });
    expect(contract.sshd?.authorizedKey).toMatch(/^ssh-ed25519 AAAA/);
  });
});

describe('a contract in a file', () => {
  async function load(
    contract: unknown,
  ): Promise<{ directory: string; loading: ReturnType<typeof loadContract> }> {
    const directory = await scratchDirectory();
    const file = join(directory, 'contract.json');
    await writeFile(file, typeof contract === 'string' ? contract : JSON.stringify(contract));
    return { directory, loading: loadContract(file) };
  }

  it('says what it says', async () => {
    const { loading } = await load(nixosImages);
    expect(await loading).toEqual(nixosImages);
  });

  it('names its private key relative to itself', async () => {
    const directory = await scratchDirectory();
    await writeFile(join(directory, 'key'), 'private');
    const file = join(directory, 'contract.json');
    await writeFile(
      file,
      JSON.stringify({ ...nixosImages, sshd: { ...nixosImages.sshd, privateKey: 'key' } }),
    );
    expect((await loadContract(file)).sshd?.privateKey).toBe(join(directory, 'key'));
  });

  it('promises nothing of power where it does not name it', async () => {
    const { power: _, ...older } = nixosImages;
    const { loading } = await load(older);
    expect(await loading).toEqual({ ...nixosImages, power: null });
  });

  const { sshd, keyboard: _, ...rest } = nixosImages;
  it.each([
    ['a text', 'hello', /^The contract '.*' is no JSON: .*\.$/],
    ['another document', [], /is wrong at the top: expected object, got \[\]\.$/],
    ['a missing part', { ...rest, sshd }, /is wrong at keyboard: expected object, got nothing\.$/],
    ['an unknown part', { ...nixosImages, qemu: 1 }, /is wrong at the top: unrecognized key: "qemu"\.$/],
    [
      'a wrong value',
      { ...nixosImages, sshd: { ...sshd, permitRootLogin: 'maybe' } },
      /is wrong at sshd\.permitRootLogin: expected one of "yes"\|"prohibit-password"\|"no", got "maybe"\.$/,
    ],
    [
      'a user that is a script',
      { ...nixosImages, login: { user: 'root; reboot', password: '' } },
      /is wrong at login\.user: expected a user name, got "root; reboot"\.$/,
    ],
    [
      'a layout that nobody knows',
      { ...nixosImages, keyboard: { layout: 'ch', variant: 'no' } },
      /is wrong at keyboard: expected one of .*us.*, got \{"layout":"ch","variant":"no"\}\.$/,
    ],
    [
      'a key that is none',
      { ...nixosImages, sshd: { ...sshd, authorizedKey: 'ssh-ed25519 ***' } },
      /is wrong at sshd\.authorizedKey: expected a line of authorized_keys or a key type, got "ssh-ed25519 \*\*\*"\.$/,
    ],
    [
      'a private key that is not there',
      { ...nixosImages, sshd: { ...sshd, privateKey: 'nowhere' } },
      /is wrong at sshd\.privateKey: expected a readable file, got '\/.*\/nowhere' \(ENOENT\)\.$/,
    ],
  ])('is refused in one sentence: %s', async (_, contract, message) => {
    const { loading } = await load(contract);
    const error: unknown = await loading.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UsageError);
    expect(String((error as UsageError).message)).toMatch(message);
    expect(String((error as UsageError).message)).not.toContain('\n');
  });

  it('is refused where there is none', async () => {
    await expect(loadContract('nixos-image')).rejects.toThrow(
      "There is no contract 'nixos-image': expected one of nixos-images, nix-community, per-host-iso, lilith, reference, or the path of a JSON file (did you mean 'nixos-images'?).",
    );
    await expect(loadContract('/')).rejects.toThrow(
      "The contract '/' cannot be read (EISDIR): expected a JSON file.",
    );
  });
});

describe('the parts that a contract may have besides', () => {
  const parse = (part: object) => {
    const data = { ...nixosImages, ...part };
    const { success, error } = contractSchema.safeParse(data);
    return success ? null : firstProblem(error, data);
  };

  it.each([
    {
      system: { hostname: 'a', mayFail: ['a.service'], target: 'multi-user.target' },
      units: { 'a@b.service': 'absent' },
    },
    { commands: { nvim: '--version', git: null }, users: { root: { becomesRoot: null }, nobody: null } },
    { listening: {}, network: { off: ['iwd.service'] }, files: { '/a': null, '/b c': { mode: '0644' } } },
    { nix: { channels: [] }, kernel: { modules: ['btrfs'] }, size: { used: { '/': 1.5 } } },
    { system: null, units: null, listening: null },
  ])('may say %j', (part) => {
    expect(parse(part)).toBeNull();
  });

  it.each([
    [{ system: {} }, 'system: expected at least one promise, got {}'],
    [{ units: {} }, 'units: expected at least one promise, got {}'],
    [{ units: { sshd: 'active' } }, /^units(\.sshd)?: .*expected the name of a unit|^units\.sshd/],
    [
      { units: { 'a.service': 'on' } },
      /^units\.a\.service: expected one of "active"\|"inactive"\|"absent", got "on"$/,
    ],
    [{ users: { root: { password: 'empty' } } }, /^users\.root\.password: expected one of "hash"/],
    [{ listening: { tcp: [70_000] } }, /^listening\.tcp\.0: .*65535, got 70000$/],
    [
      { files: { '/a': { mode: '999' } } },
      /^files\.\/a\.mode: expected permissions in octal such as 644, got "999"$/,
    ],
    [{ files: { '/a': { matches: '(' } } }, /^files\.\/a\.matches: expected a regular expression, got "\("$/],
    [{ size: { used: { '/': 0 } } }, /^size\.used\.\/: .*got 0$/],
  ])('may not say %j', (part, problem) => {
    expect(parse(part)).toMatch(problem);
  });
});
