import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { UsageError } from '../../errors.ts';
import type { PictureMode, ReporterChoice } from '../../report/choice.ts';
import { defaultJobs } from '../../schedule/default-jobs.ts';
import { commandName } from '../called.ts';
import { commands } from '../commands/index.ts';
import {
  type Accelerator,
  parseAccelerator,
  parseJobs,
  mostShards,
  parseSeconds,
  parseShard,
  valueOf,
  valuesOf,
  wholeNumber,
} from './option-values.ts';
import { parsePictures, parseReporter } from './reporter-values.ts';
import { readCommandLine } from './read.ts';

/** What is to be done: the command line, and the config where that says nothing. */
export interface Options {
  /** Which cells, by id, with `*`; empty: all. */
  filters: string[];
  /** Files and directories; with `flakes` empty too, the reference images are built. */
  images: string[];
  /** Flake references that are built by nix. */
  flakes: string[];
  /** Name of a built-in contract or path of a JSON file; undefined: the config's, or the contract that goes with the images. */
  contract: string | undefined;
  /** Path of the config; undefined: the one in the working directory, if there is one. */
  config: string | undefined;
  /** An earlier run, to be compared with: its reports or a file of `boot-matrix baseline`; absolute; undefined: none. */
  baseline: string | undefined;
  /** Output directory, absolute. */
  out: string;
  list: boolean;
  /** Boot the reference images of every format, not only of each way to boot. */
  all: boolean;
  /** Print in which order the cells would begin, and boot nothing. */
  plan: boolean;
  /** Write the reports of the run in `out` once more, and boot nothing. */
  reportOnly: boolean;
  json: boolean;
  /** Reports beside those that are always written. */
  reporters: ReporterChoice[];
  /** Where the pictures of the HTML report are: beside it or in it. */
  pictures: PictureMode;
  /** Machines at once. */
  jobs: number;
  accelerator: Accelerator;
  /** How often a cell that the host failed is tried again. */
  retries: number;
  /** Whether a boot that failed without a word of why is done once more for the reason. */
  explain: boolean;
  /** For how many seconds the machine of a cell that did not pass is kept for a person; undefined: it is not. */
  holdOnFailure: number | undefined;
  /** How often each cell is run. */
  repeatEach: number;
  /** A pass that needed a retry fails the gate. */
  failOnFlaky: boolean;
  /** Fixes the order in which cells begin; undefined: the longest first. */
  seed: number | undefined;
  /** The only checks to run, by name; empty: all. */
  checks: string[];
  /** Only the cells that the run before, in `out`, left to be done. */
  lastFailed: boolean;
  /** Ends the run after so many failures; undefined: never. */
  maxFailures: number | undefined;
  /** Seconds that the command may take; undefined: no limit. */
  globalTimeout: number | undefined;
  /** The part of the cells that is run here, from 1; undefined: all. */
  shard: { index: number; total: number } | undefined;
  /** Into how many shards a plan splits the cells; undefined: none. */
  shards: number | undefined;
  /** Print what went wrong and the sum, nothing else. */
  quiet: boolean;
}

/** How long a machine is kept for a person where no time is named: long enough to look, and an end where nobody does. */
const defaultHoldSeconds = 30 * 60;

/** The command line as commander reads it, with its help. */
export function testCommand(): Command {
  return new Command(commandName)
    .description(
      'Boot every format of an image under QEMU, the same bytes that ship, and prove its contract.',
    )
    .usage('[COMMAND] [FILTER...] [options]')
    .argument('[FILTER...]', "cells by id, e.g. qemu-efi.x86_64.uefi.disk; '*' stands for anything")
    .option(
      '--images <PATH...>',
      'image files or directories that hold them',
      valuesOf('--images', 'the paths of image files or of directories that hold them'),
    )
    .option(
      '--flake <REF...>',
      'flake references to build with nix, e.g. .#iso-installer',
      valuesOf('--flake', 'flake references such as .#iso-installer'),
    )
    .option(
      '--contract <NAME|FILE>',
      'what the images promise: a built-in name or a JSON file',
      valueOf('--contract', 'the name of a contract or the path of a JSON file'),
    )
    .option(
      '--config <FILE>',
      'a boot.config.ts, .js or .json (default: the one in the working directory); the command line wins',
      valueOf('--config', 'the path of a config'),
    )
    .option(
      '--baseline <DIR|FILE>',
      'an earlier run to compare with: its reports, or a file of `boot-matrix baseline`',
      valueOf('--baseline', 'the path of the reports of a run, or of a file of `boot-matrix baseline`'),
    )
    .option('--out <DIR>', 'where the reports go', valueOf('--out', 'the path of a directory'), 'reports')
    .option('--all', 'boot the reference images of every format', false)
    .option('--list', 'list the cells and boot nothing', false)
    .option('--plan', 'list the cells in the order in which they would begin; boot nothing', false)
    .option(
      '--report-only',
      'write the reports of --out again, from the events of a run that was killed; boot nothing',
      false,
    )
    .option('--json', 'print the list, the plan, or the summary of the run, as JSON', false)
    .option(
      '--reporter <NAME[=FILE]>',
      'a further report, any number of times: junit, json, html, tap, markdown (each to a FILE), github, plain',
      parseReporter,
    )
    .option(
      '--html <MODE>',
      'pictures of the HTML report: linked, or single, all in one file',
      parsePictures,
      'linked',
    )
    .option(
      '-j, --jobs <N>',
      'machines at once, a number or a percentage of the cores (default: cores + 1)',
      parseJobs,
    )
    .option(
      '--accel <NAME>',
      'accelerator: auto, kvm, hvf or tcg; a named one never falls back',
      parseAccelerator,
      'auto',
    )
    .option(
      '--retries <N>',
      "tries again where the host failed; a guest's verdict stands",
      wholeNumber('--retries', { least: 0, most: 10 }, 'how often a cell is tried again'),
      1,
    )
    .option('--fail-on-flaky', 'a pass that needed a retry fails the gate', false)
    .option(
      '--no-explain',
      'boot no second time to find out why a silent image failed, with its kernel told to speak on serial',
    )
    .option(
      '--hold-on-failure [TIME]',
      'keeps the machine of a cell that did not pass, 30m if no time is given, and tells how to get in; attach does',
      parseSeconds('--hold-on-failure'),
    )
    .option(
      '--repeat-each <N>',
      'runs each cell N times; the repeats are cells of their own',
      wholeNumber('--repeat-each', { least: 1, most: 1000 }, 'how often each cell is run'),
      1,
    )
    .option(
      '--seed <N>',
      'begins the cells in an order that N fixes (default: the longest first)',
      wholeNumber('--seed', { least: 0, most: 999_999_999 }, 'a whole number'),
    )
    .option(
      '--check <NAME...>',
      'runs these checks only, and says so; nothing is told of the others',
      valuesOf('--check', 'names of checks such as sshd'),
    )
    .option(
      '--last-failed',
      'only the cells that failed, or never came to a verdict, in the run whose events are in --out',
      false,
    )
    .option('-x', 'ends the run at the first failure: --max-failures 1', false)
    .option(
      '--max-failures <N>',
      'ends the run after N cells that failed or that the host failed',
      wholeNumber('--max-failures', { least: 1, most: 100_000 }, 'how many failures are enough'),
    )
    .option(
      '--global-timeout <TIME>',
      'ends the run when the command has taken so long, e.g. 90m; what is not done by then is an error',
      parseSeconds('--global-timeout'),
    )
    .option(
      '--shard <I/N>',
      'runs the Ith of N parts of the cells, split by how long they took last time; merge joins their reports',
      parseShard,
    )
    .option(
      '--shards <N>',
      'with plan: into how many shards',
      wholeNumber('--shards', { least: 1, most: mostShards }, 'into how many shards the cells are split'),
    )
    .option('-q, --quiet', 'print only what went wrong, and the sum', false)
    .addHelpText(
      'after',
      `
Commands, before everything else (their names are no filters, but for \`test NAME\`):
${commandHelp()}

Without --images and --flake the reference images are built (once) and booted.
Options that take several values come after the filters.

Exit code: 0 every verdict passed or skipped with a reason, 1 a guest broke its contract,
2 bad usage or bad input, 3 the host or the harness failed, 130 interrupted.`,
    );
}

/** A line a command. */
function commandHelp(): string {
  const width = Math.max(...Object.keys(commands).map(({ length }) => length));
  return Object.entries(commands)
    .map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`)
    .join('\n');
}

interface Parsed {
  images?: string[];
  flake?: string[];
  contract?: string;
  config?: string;
  baseline?: string;
  out: string;
  list: boolean;
  all: boolean;
  plan: boolean;
  reportOnly: boolean;
  json: boolean;
  reporter?: ReporterChoice[];
  html: PictureMode;
  jobs?: number;
  accel: Accelerator;
  retries: number;
  explain: boolean;
  holdOnFailure?: number | true;
  repeatEach: number;
  failOnFlaky: boolean;
  seed?: number;
  check?: string[];
  lastFailed: boolean;
  x: boolean;
  maxFailures?: number;
  globalTimeout?: number;
  shard?: Options['shard'];
  shards?: number;
  quiet: boolean;
}

/** The command line, understood. */
export interface CommandLine {
  options: Options;
  /** The options that were typed; the others have their defaults. */
  typed: ReadonlySet<string>;
}

/**
 * Reads the command line.
 * @returns null when help was asked for and printed.
 * @throws UsageError one sentence that says what was expected and what was got.
 */
export function parseOptions(args: readonly string[]): CommandLine | null {
  const program = testCommand();
  if (!readCommandLine(program, args)) return null;
  const parsed = program.opts<Parsed>();
  if (parsed.all && (parsed.images !== undefined || parsed.flake !== undefined)) {
    throw new UsageError(
      'bad-usage',
      '--all takes every reference image; expected it without --images and --flake, got both.',
    );
  }
  const typed = Object.keys(parsed).filter((name) => program.getOptionValueSource(name) === 'cli');
  const options: Options = {
    filters: program.args,
    images: (parsed.images ?? []).map((path) => resolve(path)),
    flakes: parsed.flake ?? [],
    contract: parsed.contract,
    config: parsed.config === undefined ? undefined : resolve(parsed.config),
    baseline: parsed.baseline === undefined ? undefined : resolve(parsed.baseline),
    out: resolve(parsed.out),
    list: parsed.list,
    all: parsed.all,
    plan: parsed.plan,
    reportOnly: parsed.reportOnly,
    json: parsed.json,
    reporters: parsed.reporter ?? [],
    pictures: parsed.html,
    jobs: parsed.jobs ?? defaultJobs(availableParallelism()),
    accelerator: parsed.accel,
    retries: parsed.retries,
    explain: parsed.explain,
    holdOnFailure: parsed.holdOnFailure === true ? defaultHoldSeconds : parsed.holdOnFailure,
    repeatEach: parsed.repeatEach,
    failOnFlaky: parsed.failOnFlaky,
    seed: parsed.seed,
    checks: parsed.check ?? [],
    lastFailed: parsed.lastFailed,
    maxFailures: parsed.maxFailures ?? (parsed.x ? 1 : undefined),
    globalTimeout: parsed.globalTimeout,
    shard: parsed.shard,
    shards: parsed.shards,
    quiet: parsed.quiet,
  };
  return { options, typed: new Set(typed) };
}
