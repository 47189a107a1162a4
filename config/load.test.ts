import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../harness/errors.ts';
import { nixosImages } from '../scenarios/contracts/systems/nixos-images.ts';
import { releaseCheckNames } from '../harness/release-checks.ts';
import { builtIn } from '../scenarios/index.ts';
import { scratchDirectory } from '../test/scratch.ts';
import { findConfig } from './find.ts';
import { loadConfig } from './load.ts';

const entry = join(import.meta.dirname, 'index.ts');

/** A directory with this config, and what loading it comes to. */
async function load(text: string, name = 'boot.config.ts', files: Record<string, string> = {}) {
  const directory = await scratchDirectory();
  for (const [file, content] of Object.entries({ ...files, [name]: text })) {
    await mkdir(join(directory, file, '..'), { recursive: true });
    await writeFile(join(directory, file), content);
  }
  const path = join(directory, name);
  expect(await findConfig(directory)).toBe(path);
  return { directory, path, loading: loadConfig(path) };
}

/** How a config is refused, without the directory. */
async function refusal(...args: Parameters<typeof load>): Promise<string> {
  const { directory, loading } = await load(...args);
  const error: unknown = await loading.then(
    () => 'it was not',
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UsageError);
  return (error as Error).message.replaceAll(`${directory}/`, '');
}

const json = (config: unknown) => refusal(JSON.stringify(config), 'boot.config.json');

describe('a config', () => {
  it('in TypeScript has checks of its own, and paths that are relative to it', async () => {
    const { directory, loading } = await load(
      `import { defineConfig, scenario } from ${JSON.stringify(entry)};
import tor from './checks/tor.ts';
const one: string = 'result';
export default defineConfig({
  images: [one, '/srv/images'],
  flake: ['.#iso', './sub?dir=x#qemu', 'github:a/b#c'],
  out: 'out',
  baseline: './baseline.json',
  reporters: ['tap', 'junit=build/boot.xml'],
  contract: 'contracts/mine.json',
  scenarios: [tor, scenario('other', { needs: ['screen'] }, async () => {}), './checks/more.ts'],
});`,
      'boot.config.ts',
      {
        'checks/tor.ts': `import { scenario } from ${JSON.stringify(entry)};\nexport default scenario('tor', {}, async () => {});`,
        'checks/more.ts': `import { scenario } from ${JSON.stringify(entry)};\nexport default [scenario('a', {}, async () => {}), scenario('b', {}, async () => {})];`,
      },
    );
    const config = await loading;
    expect(config).toMatchObject({
      directory,
      images: [join(directory, 'result'), '/srv/images'],
      flake: [`${directory}#iso`, `${directory}/sub?dir=x#qemu`, 'github:a/b#c'],
      out: join(directory, 'out'),
      baseline: join(directory, 'baseline.json'),
      reporters: ['tap', `junit=${join(directory, 'build/boot.xml')}`],
      contract: 'contracts/mine.json',
    });
    expect(config.scenarios.map(({ name, source }) => [name, source])).toEqual([
      ['tor', join(directory, 'checks/tor.ts')],
      ['other', join(directory, 'boot.config.ts')],
      ['a', join(directory, 'checks/more.ts')],
      ['b', join(directory, 'checks/more.ts')],
    ]);
  });

  it('in JSON has a contract inside', async () => {
    const { power, ...contract } = nixosImages;
    const { loading } = await load(JSON.stringify({ contract, jobs: '50%' }), 'boot.config.json');
    expect(await loading).toMatchObject({
      contract: { ...contract, power: null },
      jobs: '50%',
      scenarios: [],
    });
    expect(power).not.toBeNull();
  });

  it('is one in a directory', async () => {
    const directory = await scratchDirectory();
    expect(await findConfig(directory)).toBeUndefined();
    for (const name of ['boot.config.ts', 'boot.config.json']) await writeFile(join(directory, name), '{}');
    await expect(findConfig(directory)).rejects.toMatchObject({
      code: 'several-configs',
      message: expect.stringContaining('boot.config.ts and boot.config.json'),
    });
  });
});

describe('a wrong config says which field, what was expected and what was got', () => {
  it.each([
    [{ image: ['a'] }, 'the top: unrecognized key: "image"'],
    [{ images: 'a' }, 'images: expected array, got "a"'],
    [{ images: [5] }, 'images.0: expected string, got 5'],
    [{ baseline: ['a.json'] }, 'baseline: expected string, got ["a.json"]'],
    [{ retries: 99 }, 'retries: too big: expected number to be <=10, got 99'],
    [{ accel: 'xen' }, 'accel: expected one of "auto"|"kvm"|"hvf"|"tcg", got "xen"'],
    [{ jobs: 'many' }, 'jobs: expected a number, or a percentage such as 50%, got "many"'],
    [
      { contract: { ...nixosImages, sshd: { ...nixosImages.sshd, user: 5 } } },
      'contract.sshd.user: expected string, got 5',
    ],
    [{ contract: 5 }, 'contract: expected string or object, got 5'],
    [
      { known: [{ cell: 'qemu', check: 'sshd', because: 'later', until: '2026-12-31' }] },
      'known.0.because: expected a text with a link (https://…), got "later"',
    ],
    [
      { known: [{ cell: 'qemu', check: 'sshd', because: 'https://a.b/1', until: '31.12.2026' }] },
      'known.0.until: expected a date such as 2026-12-31, got "31.12.2026"',
    ],
    [
      { known: [{ cell: 'qemu', check: 'ssh', because: 'https://a.b/1', until: '2026-12-31' }] },
      `known.0.check: expected one of ${['boot', ...builtIn.map(({ name }) => name), ...releaseCheckNames].join(', ')}, got 'ssh'`,
    ],
  ])('%j', async (config, message) => {
    expect(await json(config)).toBe(`The config boot.config.json is wrong at ${message}.`);
  });

  it.each([
    ['{', /^The config boot\.config\.json is no JSON: /, 'boot.config.json'],
    ['export default { images: ', /cannot be loaded: \w*Error: .*/, 'boot.config.ts'],
    ['throw new Error("no");', /cannot be loaded: Error: no \(boot\.config\.ts:1\)\.$/, 'boot.config.ts'],
    [
      'export const config = {};',
      /no default export: expected `export default defineConfig/,
      'boot.config.ts',
    ],
    [
      "import './absent.ts'; export default {};",
      /cannot be loaded: Error: Cannot find module/,
      'boot.config.ts',
    ],
  ])('%s', async (text, message, name) => {
    expect(await refusal(text, name)).toMatch(message);
  });

  it.each([
    [
      "scenarios: ['./tor.ts']",
      /^The scenario tor\.ts has no default export: expected `export default scenario/,
    ],
    ["scenarios: ['./absent.ts']", /^The scenario absent\.ts cannot be loaded/],
    ['scenarios: [5]', /wrong at scenarios\.0: expected string or what scenario\(\) returns.*, got 5\.$/],
    [
      "scenarios: [scenario('sshd', {}, async () => {})]",
      /wrong at scenarios: expected each name once, got 'sshd' twice/,
    ],
    [
      "scenarios: [scenario('a b', {}, async () => {})]",
      /wrong at scenarios\.0: expected a scenario whose name is of letters, digits/,
    ],
  ])('%s', async (part, message) => {
    const text = `import { scenario } from ${JSON.stringify(entry)};\nvoid scenario;\nexport default { ${part} };`;
    expect(await refusal(text, 'boot.config.ts', { 'tor.ts': 'export const tor = 1;' })).toMatch(message);
  });
});
