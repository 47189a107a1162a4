import { readFile } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { UsageError } from '../harness/errors.ts';
import { releaseCheckNames } from '../harness/release-checks.ts';
import { firstProblem } from '../scenarios/contracts/first-problem.ts';
import { builtIn } from '../scenarios/index.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { configSchema, type UnderstoodConfig } from './config.ts';
import { importDefault } from './import.ts';

/** A config whose paths are absolute and whose checks are there. */
export interface LoadedConfig extends Omit<UnderstoodConfig, 'scenarios'> {
  scenarios: Scenario[];
  /** Directory of the config file: what its paths, and the files of its checks, are relative to. */
  directory: string;
}

/**
 * Reads a config.
 * @param path absolute
 * @throws UsageError one sentence: which field, what was expected, what was got.
 */
export async function loadConfig(path: string): Promise<LoadedConfig> {
  const data = extname(path) === '.json' ? await readJson(path) : await importDefault(path, 'config');
  const { success, data: config, error } = configSchema.safeParse(data);
  if (!success)
    throw new UsageError('config-invalid', `The config ${path} is wrong at ${firstProblem(error, data)}.`);
  const directory = dirname(path);
  const scenarios = (await Promise.all((config.scenarios ?? []).map((one) => load(one, directory)))).flat();
  refuseBadNames(path, config, scenarios);
  const inDirectory = (one: string): string => resolve(directory, one);
  return {
    ...config,
    ...(config.images === undefined ? {} : { images: config.images.map(inDirectory) }),
    ...(config.flake === undefined ? {} : { flake: config.flake.map((one) => flakeIn(directory, one)) }),
    ...(config.reporters === undefined
      ? {}
      : { reporters: config.reporters.map((one) => one.replace(/(?<==).+/, inDirectory)) }),
    ...(config.out === undefined ? {} : { out: inDirectory(config.out) }),
    ...(config.baseline === undefined ? {} : { baseline: inDirectory(config.baseline) }),
    scenarios,
    directory,
  };
}

async function readJson(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new UsageError('config-unreadable', `Expected a config that can be read, got ${path} (${code}).`, {
      cause,
    });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError('config-not-json', `The config ${path} is no JSON: ${(cause as Error).message}.`, {
      cause,
    });
  }
}

const scenarioSchema = configSchema.shape.scenarios.unwrap();

/** The checks that an entry of `scenarios` stands for. */
async function load(entry: string | Scenario, directory: string): Promise<Scenario[]> {
  if (typeof entry !== 'string') return [entry];
  const path = resolve(directory, entry);
  const value = await importDefault(path, 'scenario');
  const list = Array.isArray(value) ? (value as unknown[]) : [value];
  const { success, data, error } = scenarioSchema.safeParse(list);
  if (success && data.every((one) => typeof one !== 'string')) return data;
  const problem = success ? 'expected what scenario() returns, got a path' : firstProblem(error, list);
  throw new UsageError('config-invalid', `The default export of ${path} is wrong at ${problem}.`);
}

/** A name stands for one check, in the reports and in `known`. */
function refuseBadNames(path: string, { known = [] }: UnderstoodConfig, own: readonly Scenario[]): void {
  const names = [...builtIn, ...own].map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  const refuse = (problem: string): never => {
    throw new UsageError('config-invalid', `The config ${path} is wrong at ${problem}.`);
  };
  if (twice !== undefined) refuse(`scenarios: expected each name once, got '${twice}' twice`);
  const checks = ['boot', ...names, ...releaseCheckNames];
  for (const [index, { check }] of known.entries()) {
    if (!checks.includes(check))
      refuse(`known.${index}.check: expected one of ${checks.join(', ')}, got '${check}'`);
  }
}

/** nix takes a reference that begins with a dot for one of its own working directory. */
const flakeIn = (directory: string, reference: string): string => {
  const [, path, rest = ''] = /^(\.[^#?]*)(.*)$/.exec(reference) ?? [];
  return path === undefined ? reference : `${resolve(directory, path)}${rest}`;
};
