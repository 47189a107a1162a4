/** The files for forges: by GitHub's own validator, and what the action runs, run. */
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { parse } from 'yaml';
import { scratchDirectory } from './scratch.ts';

// It imports JSON as bundlers take it, and Node wants to be told.
registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    return specifier.endsWith('.json') ? { ...resolved, importAttributes: { type: 'json' } } : resolved;
  },
});
const { validate } = await import('@actions/languageservice');

const root = join(import.meta.dirname, '..');
const read = (file: string): Promise<string> => readFile(join(root, file), 'utf8');

/** The validator keeps what it has read of a path. */
let repositories = 0;

/** What GitHub's editor says of a workflow or an action, as it would be in a repository. */
async function problemsOf(text: string, place: string): Promise<string[]> {
  repositories += 1;
  const document = TextDocument.create(
    pathToFileURL(join('/repository', String(repositories), place)).href,
    'yaml',
    1,
    text,
  );
  const problems = await validate(document);
  return problems.map(({ message, range }) => `line ${range.start.line + 1}: ${message}`);
}

test('workflows and the action are what GitHub takes', async () => {
  const own = await readdir(join(root, '.github/workflows'));
  const examples = (await readdir(join(root, 'docs/examples'))).filter((name) => name.startsWith('github-'));
  expect([own.length, examples.length]).toEqual([1, 2]);
  for (const file of [
    ...own.map((name) => `.github/workflows/${name}`),
    ...examples.map((name) => `docs/examples/${name}`),
  ]) {
    expect(await problemsOf(await read(file), '.github/workflows/file.yml'), file).toEqual([]);
  }
  expect(await problemsOf(await read('action.yml'), 'action.yml')).toEqual([]);
});

test('the validator finds what is wrong', async () => {
  const workflow = await read('.github/workflows/ci.yml');
  const wrong = workflow.replace('runs-on:', 'run-on:').replace('if: failure()', 'if: fails()');
  expect((await problemsOf(wrong, '.github/workflows/file.yml')).length).toBeGreaterThanOrEqual(2);
  const action = (await read('action.yml')).replace('shell: bash', 'shel: bash');
  expect(await problemsOf(action, 'action.yml')).not.toEqual([]);
});

test('every job that publishes waits for the one that boots', async () => {
  const github = parse(await read('docs/examples/github-release.yml')) as {
    jobs: Record<string, { needs?: string }>;
  };
  expect(github.jobs['publish']?.needs).toBe('boot');
  expect(github.jobs['boot']?.needs).toBe('build');
  const gitlab = parse(await read('docs/examples/gitlab-ci.yml')) as {
    stages: string[];
    publish: { needs: string[] };
    boot: { allow_failure?: unknown; artifacts: { when: string } };
  };
  expect(gitlab.stages).toEqual(['build', 'boot', 'publish']);
  expect(gitlab.publish.needs).toContain('boot');
  expect(gitlab.boot).not.toHaveProperty('allow_failure');
  expect(gitlab.boot.artifacts.when).toBe('always');
});

test('what the action runs: each line of an input is one word, whatever is in it', async () => {
  const scratch = await scratchDirectory();
  // In the place of npx, which would install the pinned Node and pnpm first.
  await writeFile(join(scratch, 'npx'), `#!/bin/sh\nprintf '%s\\n' "$@"\nexit 3\n`, { mode: 0o755 });
  const action = parse(await read('action.yml')) as { runs: { steps: { name?: string; run?: string }[] } };
  const script = action.runs.steps.find(({ name }) => name === 'Boot')?.run ?? '';
  const { stdout, exitCode } = await execa('bash', ['-e', '-o', 'pipefail', '-c', script], {
    reject: false,
    env: {
      PATH: [scratch, process.env['PATH']].join(delimiter),
      GITHUB_ACTION_PATH: '/action',
      IMAGES: 'a b.iso\n$(touch owned)\n',
      FLAKE: '',
      CONTRACT: 'mine.json',
      FILTERS: 'iso*\n',
      OPTIONS: '--shard\n2/3\n',
      OUT: 'reports',
    },
  });
  expect(exitCode).toBe(3);
  expect(stdout.split('\n').slice(stdout.split('\n').indexOf('test:boot'))).toEqual(
    'test:boot|iso*|--shard|2/3|--out|reports|--contract|mine.json|--images|a b.iso|$(touch owned)'.split(
      '|',
    ),
  );
});
