import type { Command, Run } from './command.ts';

/** The main job with an option that makes it another one: `list` is `--list`. */
const testWith = (option: string) => async (): Promise<Run> => {
  const { test } = await import('./test.ts');
  return (args, context) => test([option, ...args], context);
};

/** Every command. One more is a file of its own and an entry here. */
export const commands: Readonly<Record<string, Command>> = {
  test: {
    summary: 'boot the cells and prove their contract; what is meant where no command is named',
    load: async () => (await import('./test.ts')).test,
  },
  list: { summary: 'the cells, and boot nothing (--list)', load: testWith('--list') },
  plan: {
    summary:
      'the cells in the order in which they would begin, with how long each is expected to take (--plan)',
    load: testWith('--plan'),
  },
  attach: {
    summary: 'the console of a machine that is up, or held by --hold-on-failure, and the other ways in',
    words: ['--out', '--write', '--monitor', '--help'],
    load: async () => (await import('./attach.ts')).attach,
  },
  bundle: {
    summary: 'pack all of one cell into a file for somebody else',
    words: ['--out', '--to', '--help'],
    load: async () => (await import('./bundle.ts')).bundle,
  },
  doctor: {
    summary: 'what this host has and lacks, and the line that mends it',
    words: ['--json', '--help'],
    load: async () => (await import('./doctor.ts')).doctor,
  },
  report: {
    summary: 'write the reports of --out again, from its events (--report-only)',
    load: testWith('--report-only'),
  },
  merge: {
    summary: 'make one report of the shards of a run',
    words: ['--out', '--reporter', '--html', '--json', '--help'],
    load: async () => (await import('./merge.ts')).merge,
  },
  compare: {
    summary: 'what two runs differ in, and the cells of the later one from each other',
    words: ['--markdown', '--contract', '--help'],
    load: async () => (await import('./compare.ts')).compare,
  },
  baseline: {
    summary: 'write a file that later runs are compared with',
    words: ['--to', '--help'],
    load: async () => (await import('./baseline.ts')).baseline,
  },
  verify: {
    summary: 'whether an image is one that a run has tested and passed',
    words: ['--image', '--help'],
    load: async () => (await import('./verify.ts')).verify,
  },
  completion: {
    summary: 'print the completions for a shell',
    words: ['bash', 'zsh', 'fish'],
    load: async () => (await import('./completion.ts')).completion,
  },
};
