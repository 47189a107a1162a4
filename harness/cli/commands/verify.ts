import { statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { Command } from 'commander';
import { UsageError } from '../../errors.ts';
import { digestFiles } from '../../images/digest.ts';
import { printable } from '../../printable.ts';
import { type Statement, statementSchema } from '../../report/attestation/schema.ts';
import { forTerminal } from '../../report/terminal/clean.ts';
import { count } from '../../report/terminal/lines.ts';
import { commandName } from '../called.ts';
import { exitCodes } from '../exit-code.ts';
import { readGivenFile } from '../given-file.ts';
import { valuesOf } from '../options/option-values.ts';
import { readCommandLine } from '../options/read.ts';
import type { Run } from './command.ts';

/**
 * `boot-matrix verify FILE --image PATH…`: whether images are those that an attestation speaks of, and what it says. Whether
 * the attestation itself can be trusted is for whoever signed it.
 * @returns 1 where an image is another one, or did not pass.
 * @throws UsageError
 */
export const verify: Run = async (args) => {
  const program = new Command(`${commandName} verify`)
    .description('Tell whether an image is the one that was tested, by attestation.json.')
    .argument('<FILE>', 'the attestation of a run')
    .requiredOption(
      '--image <PATH...>',
      'image files, or directories that hold the files of one image',
      valuesOf('--image', 'the paths of images'),
    );
  if (!readCommandLine(program, args)) return exitCodes.passed;
  const [file = ''] = program.args;
  const statement = readStatement(file);
  const strangers: string[] = [];
  for (const image of program.opts<{ image: string[] }>().image) {
    const differs = await differences(resolve(image), statement);
    const told =
      differs.length === 0 ? 'is what was tested' : `is not what was tested: ${differs.join('; ')}`;
    process.stdout.write(`${forTerminal(`${image} ${told}`)}\n`);
    if (differs.length > 0) strangers.push(image);
  }
  const { result, passedTests, warnedTests, failedTests, configuration } = statement.predicate;
  const tests = [
    `${passedTests.length} passed`,
    ...(warnedTests.length > 0 ? [`${warnedTests.length} with a warning`] : []),
    ...(failedTests.length > 0 ? [`${failedTests.length} failed`] : []),
  ].join(', ');
  const by = configuration.map(({ name }) => name).join(', ');
  process.stdout.write(`${forTerminal(`${result}: ${tests} (${by})`)}\n`);
  return strangers.length > 0 || result === 'FAILED' ? exitCodes.failed : exitCodes.passed;
};

/** An attestation names each file and test once. */
const mostBytes = 64 * 2 ** 20;

function readStatement(file: string): Statement {
  const refuse = (got: string, cause: unknown): UsageError =>
    new UsageError('no-attestation', `Expected the attestation.json of a run, got ${file}: ${got}.`, {
      cause,
    });
  let data: unknown;
  try {
    data = JSON.parse(readGivenFile(file, mostBytes));
  } catch (cause) {
    throw refuse(printable((cause as Error).message), cause);
  }
  const { success, data: statement, error } = statementSchema.safeParse(data);
  if (success) return statement;
  const [issue] = error.issues;
  throw refuse(printable(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`), error);
}

/** What speaks against an image being the one of the statement; a directory has to hold every file of its image. */
async function differences(image: string, { subject }: Statement): Promise<string[]> {
  const stats = statSync(image, { throwIfNoEntry: false });
  if (stats === undefined)
    throw new UsageError(
      'no-image',
      `Expected an image or a directory of one, got ${image}, which does not exist.`,
    );
  if (!stats.isDirectory()) {
    if (!stats.isFile())
      throw new UsageError(
        'no-image',
        `Expected an image or a directory of one, got ${image}, which is a pipe, a device or the like.`,
      );
    const [digest] = await digestFiles([image]);
    const known = subject.some((one) => one.digest.sha256 === digest?.sha256);
    return known ? [] : [`no file with its digest ${digest?.sha256} was tested`];
  }
  const there = subject.filter(({ name }) =>
    statSync(join(image, basename(name)), { throwIfNoEntry: false })?.isFile(),
  );
  if (there.length === 0) return [`it holds none of ${count(subject.length, 'tested file')}`];
  const digests = await digestFiles(there.map(({ name }) => join(image, basename(name))));
  const known = new Set(subject.map(({ name, digest }) => `${basename(name)} ${digest.sha256}`));
  return digests
    .filter(({ path, sha256 }) => !known.has(`${basename(path)} ${sha256}`))
    .map(({ path }) => `${basename(path)} is another one`);
}
