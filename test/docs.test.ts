/** The guide and the reference are true: what they show runs, where they lead is there, and what is generated is current. */
import { copyFile, mkdir, readFile, readdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { reference, referencePath } from '../docs/generate.ts';
import { writeHaltingDisk } from './boot-sector.ts';
import { cliPath, makeWorld } from './cli.ts';
import { prepareStubRun } from './stub-run.ts';

const root = join(import.meta.dirname, '..');
const docs = join(root, 'docs');
const pages = async (): Promise<string[]> => [
  join(root, 'README.md'),
  ...(await readdir(docs)).filter((name) => name.endsWith('.md')).map((name) => join(docs, name)),
];

test('the reference is what the code says', async () => {
  expect(await readFile(referencePath, 'utf8'), 'pnpm docs writes it anew').toBe(await reference());
});

test('the options in the README are those that are printed', async () => {
  await using world = await makeWorld({ ownCache: true });
  const env = {
    npm_lifecycle_event: 'test:boot',
    npm_package_json: join(root, 'package.json'),
    npm_config_user_agent: 'pnpm/11',
  };
  const { stdout } = await execa(process.execPath, [cliPath, '--help'], {
    cwd: root,
    env: { ...world.env, ...env, COLUMNS: '80' },
  });
  expect(await readFile(join(root, 'README.md'), 'utf8')).toContain(`\`\`\`\n${stdout}\n\`\`\``);
});

/** The anchor that GitHub gives a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

test('every link leads somewhere', async () => {
  for (const page of await pages()) {
    const text = await readFile(page, 'utf8');
    for (const [, link = ''] of text.replaceAll(/```[^]*?```/g, '').matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(link)) continue;
      const [path = '', anchor] = link.split('#');
      const file = path === '' ? page : resolve(dirname(page), path);
      expect(existsSync(file), `${page}: ${link}`).toBe(true);
      if (anchor === undefined) continue;
      const headings = [...(await readFile(file, 'utf8')).matchAll(/^#+ (.*)$/gm)].map(([, one = '']) =>
        anchorOf(one),
      );
      expect(headings, `${page}: ${link}`).toContain(anchor);
    }
  }
});

/** What a command of the guide comes to here: no run goes on, the host may lack something, and there may be no nix. */
function mayEnd(words: readonly string[]): { exitCodes: number[]; says: RegExp } {
  if (words[0] === 'attach') return { exitCodes: [2], says: /where none goes on/ };
  if (words[0] === 'doctor') return { exitCodes: [0, 3], says: /KVM|kvm|tcg/ };
  if (words.includes('--flake')) return { exitCodes: [2], says: /\bnix\b/ };
  return { exitCodes: [0], says: /^/ };
}

test('every command of the guide runs', async () => {
  const run = await prepareStubRun(['boots']);
  await using world = run.world;
  const cwd = join(world.path, 'project');
  await mkdir(join(cwd, 'result'), { recursive: true });
  const disk = join(world.path, 'disk.img');
  await writeHaltingDisk(disk);
  await execa('qemu-img', ['convert', '-O', 'qcow2', disk, join(cwd, 'result/nixos.qcow2')]);
  await copyFile(join(world.path, 'contract.json'), join(cwd, 'contract.json'));
  const cli = (args: readonly string[]) =>
    execa(process.execPath, [cliPath, ...args], {
      cwd,
      // This host is looked at as it is.
      env: { ...world.env, ...(args[0] === 'doctor' ? {} : run.env) },
      reject: false,
      stdin: 'ignore',
    });
  // What the pages talk of: a run that has been.
  expect(await cli(['--accel', 'tcg', '--contract', 'contract.json', '--images', 'result'])).toMatchObject({
    exitCode: 0,
  });
  expect(await cli(['baseline', 'reports'])).toMatchObject({ exitCode: 0 });

  const tried = new Set<string>();
  for (const page of await pages()) {
    const text = page.endsWith('README.md') && dirname(page) === root ? '' : await readFile(page, 'utf8');
    for (const [, script = ''] of text.matchAll(/^```sh\n([^]*?)^```$/gm)) {
      for (const line of script.trim().split('\n')) {
        if (line.startsWith('cp ') || tried.has(line)) continue;
        tried.add(line);
        expect(line, page).toMatch(/^boot-matrix /);
        const words = line
          .split(' ')
          .slice(1)
          .map((word) => word.replaceAll("'", ''));
        const { exitCode, stdout, stderr } = await cli(bootsNothing(words) ? words : [...words, '--list']);
        const told = `${line}\n${stdout}\n${stderr}`;
        const { exitCodes, says } = mayEnd(words);
        expect(exitCodes, told).toContain(exitCode);
        expect(told).toMatch(says);
      }
    }
  }
  expect(tried.size).toBeGreaterThan(15);
});

const bootsNothing = ([first = '']: readonly string[]): boolean =>
  ['attach', 'baseline', 'bundle', 'doctor', 'list', 'plan', 'report', 'verify'].includes(first);
