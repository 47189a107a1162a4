import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { writeHaltingDisk } from './boot-sector.ts';
import { cliPath } from './cli.ts';
import { scratchDirectory } from './scratch.ts';

const clone = join(import.meta.dirname, '..');

/** What pnpm and npm tell a script of a package; the script runs in the package's directory. */
const script = (manager: string, typedIn: string, of = clone) => ({
  INIT_CWD: typedIn,
  npm_config_user_agent: `${manager}/11.0.0 node/v24.0.0 linux x64`,
  npm_lifecycle_event: 'test:boot',
  npm_package_json: join(of, 'package.json'),
});

const run = (args: readonly string[], cwd: string, env: Record<string, string>) =>
  execa(process.execPath, [cliPath, ...args], { cwd, env, reject: false, stdin: 'ignore' });

/** A directory of one's own, with an image in it. */
async function ownDirectory(): Promise<string> {
  const path = await scratchDirectory();
  await writeHaltingDisk(join(path, 'mine.img'));
  return path;
}

test('paths are those of where pnpm or npm was called', async () => {
  const own = await ownDirectory();
  for (const manager of ['pnpm', 'npm']) {
    const env = script(manager, own);
    const { stdout, stderr } = await run(['--images', 'mine.img', '--list'], clone, env);
    expect({ stdout, stderr }).toEqual({ stdout: 'raw.x86_64.bios.disk', stderr: '' });
  }
  await writeFile(join(own, 'mine.json'), '{"name":1}');
  const contract = await run(['--contract', 'mine.json', '--list'], clone, script('pnpm', own));
  expect(contract.stderr).toMatch(/^The contract 'mine.json' is wrong at name/);
  const out = await run(['--report-only', '--out', 'made'], clone, script('pnpm', own));
  expect(out).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(join(own, 'made')) });
});

test("in a script of somebody else's package paths are those of the script", async () => {
  const own = await ownDirectory();
  const below = join(own, 'below');
  await mkdir(below);
  await writeFile(join(own, 'package.json'), '{}');
  const { stdout, stderr } = await run(['--images', 'mine.img', '--list'], own, script('pnpm', below, own));
  expect({ stdout, stderr }).toEqual({ stdout: 'raw.x86_64.bios.disk', stderr: '' });
});

test('the real pnpm', async () => {
  const own = await ownDirectory();
  const { stdout, stderr, exitCode } = await execa(
    'pnpm',
    ['--dir', clone, '--silent', 'test:boot', '--images', 'mine.img', '--list'],
    { cwd: own, reject: false, stdin: 'ignore' },
  );
  expect({ exitCode, stdout }, stderr).toEqual({ exitCode: 0, stdout: 'raw.x86_64.bios.disk' });
});

test('usage names the command as it was called', async () => {
  const own = await scratchDirectory();
  const usage = async (cwd: string, env: Record<string, string>): Promise<string | undefined> =>
    String((await run(['--help'], cwd, env)).stdout).split('\n')[0];
  expect(await usage(clone, script('pnpm', own))).toBe(
    'Usage: pnpm test:boot [COMMAND] [FILTER...] [options]',
  );
  expect(await usage(clone, script('npm', own))).toBe(
    'Usage: npm run test:boot -- [COMMAND] [FILTER...] [options]',
  );
  await writeFile(join(own, 'package.json'), '{}');
  expect(await usage(own, script('pnpm', own, own))).toBe(
    'Usage: boot-matrix [COMMAND] [FILTER...] [options]',
  );
});
