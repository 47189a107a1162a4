import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dir as tmpDir, type DirectoryResult } from 'tmp-promise';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findFirmware } from './firmware.ts';

let root: DirectoryResult;

beforeEach(async () => {
  root = await tmpDir({ unsafeCleanup: true });
});

afterEach(() => root.cleanup());

interface Change {
  description?: string;
  features?: string[];
  machines?: string[];
  mapping?: object;
  interfaces?: string[];
}

/** A descriptor like Debian's; its code and template exist. */
async function descriptor({
  description = 'plain',
  features = [],
  machines = ['pc-q35-*'],
  ...rest
}: Change = {}): Promise<string> {
  const [code, variables] = [join(root.path, `${description}.code`), join(root.path, `${description}.vars`)];
  await Promise.all([writeFile(code, ''), writeFile(variables, '')]);
  return JSON.stringify({
    description,
    'interface-types': rest.interfaces ?? ['uefi'],
    mapping: rest.mapping ?? {
      device: 'flash',
      executable: { filename: code, format: 'raw' },
      'nvram-template': { filename: variables, format: 'raw' },
    },
    targets: [{ architecture: 'x86_64', machines }],
    features,
    tags: [],
  });
}

/** Writes descriptors into directories, strongest first, and looks for q35's. */
async function find(directories: Record<string, string>[], notices: string[] = []): Promise<string> {
  const paths = directories.map((_, index) => join(root.path, `directory${index}`));
  for (const [index, files] of directories.entries()) {
    await mkdir(paths[index] ?? '');
    for (const [name, text] of Object.entries(files)) await writeFile(join(paths[index] ?? '', name), text);
  }
  const onSkipped = (notice: string): void => void notices.push(notice);
  return (await findFirmware('x86_64', 'pc-q35', { directories: [...paths, '/nowhere'], onSkipped }))
    .description;
}

test('the first by name, from whichever directory', async () => {
  const first = await descriptor({ description: 'first' });
  expect(await find([{ '60-b.json': await descriptor() }, { '50-a.json': first }])).toBe('first');
});

test('a stronger directory’s descriptor replaces one of the same name', async () => {
  const own = await descriptor({ description: 'own' });
  expect(await find([{ '60-a.json': own }, { '60-a.json': await descriptor() }])).toBe('own');
});

test('an empty file masks', async () => {
  const other = await descriptor({ description: 'other' });
  expect(await find([{ '50-a.json': '' }, { '50-a.json': await descriptor(), '60-b.json': other }])).toBe(
    'other',
  );
});

test.each<[string, Change]>([
  ['enrolled keys', { features: ['enrolled-keys', 'secure-boot'] }],
  ['SMM', { features: ['requires-smm'] }],
  ['another machine', { machines: ['microvm'] }],
  ['one version of the machine', { machines: ['pc-q35-2.4'] }],
  ['a BIOS', { interfaces: ['bios'] }],
  ['memory instead of flash', { mapping: { device: 'memory', filename: '/x' } }],
  [
    'flash without variables',
    { mapping: { device: 'flash', mode: 'stateless', executable: { filename: '/x', format: 'raw' } } },
  ],
])('passes over a descriptor for %s', async (_, change) => {
  const skipped = await descriptor({ ...change, description: 'skipped' });
  const notices: string[] = [];
  expect(await find([{ '10-a.json': skipped, '20-b.json': await descriptor() }], notices)).toBe('plain');
  expect(notices).toEqual([]);
});

test.each([
  ['no JSON', '{'],
  ['another shape', '{"description": 1}'],
])('tells of a descriptor that is %s, and goes on', async (_, text) => {
  const notices: string[] = [];
  expect(await find([{ '10-a.json': text, '20-b.json': await descriptor() }], notices)).toBe('plain');
  expect(notices).toEqual([expect.stringContaining('10-a.json is skipped')]);
});

test('tells of firmware that its descriptor names and the host lacks', async () => {
  const mapping = {
    device: 'flash',
    executable: { filename: '/nowhere/code.fd', format: 'raw' },
    'nvram-template': { filename: '/nowhere/vars.fd', format: 'raw' },
  };
  const notices: string[] = [];
  expect(
    await find([{ '10-a.json': await descriptor({ mapping }), '20-b.json': await descriptor() }], notices),
  ).toBe('plain');
  expect(notices).toEqual([expect.stringContaining('/nowhere/code.fd')]);
});

test('none: the error names the package', async () => {
  await expect(find([{}])).rejects.toMatchObject({
    code: 'firmware-missing',
    hint: expect.stringContaining('apt-get install ovmf'),
  });
});
