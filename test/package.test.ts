/** The package as another repository gets it: packed, unpacked into its node_modules, imported by its config. */
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, expect, test } from 'vitest';
import { writeHaltingDisk } from './boot-sector.ts';
import { makeWorld, readSummary, type World } from './cli.ts';
import { bareContract } from './contract.ts';
import { stubEnvironment } from './stub-qemu/environment.ts';

const root = join(import.meta.dirname, '..');

/** The package's files by their names in it; its dependencies are those that are installed here. */
let tarball = '';
let files: string[] = [];
beforeAll(async () => {
  const world = await makeWorld({ ownCache: true });
  const { stdout } = await execa('npm', ['pack', '--json', '--pack-destination', world.path], {
    cwd: root,
    env: { npm_config_cache: join(world.path, 'npm') },
  });
  const [packed] = JSON.parse(stdout.slice(stdout.indexOf('['))) as {
    filename: string;
    files: { path: string }[];
  }[];
  tarball = join(world.path, packed?.filename ?? '');
  files = packed?.files.map(({ path }) => path) ?? [];
  return () => world[Symbol.asyncDispose]();
});

const config = `import { defineConfig, scenario, type Known } from 'boot-matrix';

const known: Known[] = [];

const tor = scenario('tor', { needs: ['network'] }, async ({ guest, expect, note }) => {
  const { output } = await guest.run('echo running', { as: process.env['USER_OF_GUEST'] ?? 'root' });
  note({ action: 'think', observed: output });
  expect(output).toBe(process.env['WANTED'] ?? '');
});

export default defineConfig({
  images: ['guest.img'],
  contract: ${JSON.stringify(bareContract(userInfo().username))},
  scenarios: [tor],
  known,
});
`;

/** A project of somebody who depends on the package. */
async function makeProject(world: World): Promise<string> {
  const modules = join(world.path, 'node_modules');
  const installed = join(modules, 'boot-matrix');
  await mkdir(installed, { recursive: true });
  await execa('tar', ['-xzf', tarball, '--strip-components=1', '-C', installed]);
  const { dependencies } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  for (const name of Object.keys(dependencies)) {
    const link = join(installed, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(root, 'node_modules', name), link);
  }
  await writeFile(join(world.path, 'package.json'), '{ "type": "module" }');
  await writeFile(join(world.path, 'boot.config.ts'), config);
  await writeHaltingDisk(join(world.path, 'guest.img'));
  return installed;
}

test('it has what it reads when it runs, and no tests', () => {
  expect(files).toEqual(
    expect.arrayContaining([
      'dist/config/index.js',
      'dist/config/index.d.ts',
      'dist/harness/cli/main.js',
      'dist/harness/console/keys/layouts/layouts.json',
      'harness/console/shells/askpass',
      'reference/steps/disk.sh',
      'reference/ssh/reference_images_only',
      'reference/system/etc/fstab',
      'README.md',
      'LICENSE',
    ]),
  );
  expect(files.filter((name) => name.includes('.test.'))).toEqual([]);
});

test('its types are those of a config', async () => {
  await using world = await makeWorld({ ownCache: true });
  await makeProject(world);
  await mkdir(join(world.path, 'node_modules/@types'));
  await symlink(join(root, 'node_modules/@types/node'), join(world.path, 'node_modules/@types/node'));
  const check = (file: string) =>
    execa(
      'node',
      [join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '--strict', '--module', 'nodenext'].concat([
        '--target',
        'es2024',
        '--skipLibCheck',
        '--types',
        'node',
        file,
      ]),
      { cwd: world.path, reject: false },
    );
  const { exitCode, stdout } = await check('boot.config.ts');
  expect(exitCode, stdout).toBe(0);
  await writeFile(join(world.path, 'wrong.ts'), config.replace("['network']", "['internet']"));
  const wrong = await check('wrong.ts');
  expect(wrong.stdout).toContain(`Type '"internet"' is not assignable to type`);
});

test.each([
  ['running', 0, 'passed', ''],
  ['stopped', 1, 'failed', "expected 'running' to be 'stopped' // Object.is equality"],
])('its command runs a check of the project, which wants %s', async (wanted, exitCode, verdict, reason) => {
  await using world = await makeWorld({ ownCache: true });
  const installed = await makeProject(world);
  const run = await execa(
    process.execPath,
    [join(installed, 'dist/harness/cli/main.js'), '--accel', 'tcg', '--out', world.out],
    {
      cwd: world.path,
      reject: false,
      stdin: 'ignore',
      env: {
        ...world.env,
        ...stubEnvironment('boots'),
        WANTED: wanted,
        USER_OF_GUEST: userInfo().username,
      },
    },
  );
  expect(run.exitCode, `${run.stdout}${run.stderr}`).toBe(exitCode);
  const { cells } = await readSummary(world);
  expect(cells[0]?.checks).toContainEqual(expect.objectContaining({ name: 'tor', verdict, reason }));
});
