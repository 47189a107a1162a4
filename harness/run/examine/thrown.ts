import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { processError } from '@vitest/utils/error';
import { BootMatrixError } from '../../errors.ts';
import { describeError, type Fault } from '../fault.ts';

/** Code of a check that an exception of its own ended. */
const checkThrew = 'check-threw';
/** Code of an assertion that did not hold. */
const assertion = 'assertion';

/**
 * What an exception in a check comes to: an assertion that did not hold is the guest's fault, what we raised on purpose
 * says whose it is, and anything else is a defect of the check: of ours, or of the user's own, which is named by file and line.
 * @param source the file of a user's own check, absolute; undefined for ours
 * @param base what files are named relative to
 */
export function describeThrown(thrown: unknown, source: string | undefined, base: string): Fault {
  if (isAssertion(thrown)) {
    const where = placeOf(thrown, source, base);
    const [reason = ''] = thrown.message.split('\n');
    return {
      verdict: 'failed',
      code: assertion,
      reason: stripVTControlCharacters(reason),
      evidence: `${where}\n${diffOf(thrown)}`,
    };
  }
  const fault = describeError(thrown);
  const isTheirs = source !== undefined && !(thrown instanceof BootMatrixError) && fault.code === 'harness';
  if (!isTheirs) return fault;
  const message = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return {
    verdict: 'error',
    code: checkThrew,
    reason: `${placeOf(thrown, source, base)}: ${message}`,
    evidence: thrown instanceof Error ? (thrown.stack ?? '') : '',
  };
}

/** As expect, chai and node:assert throw it. */
const isAssertion = (thrown: unknown): thrown is Error =>
  thrown instanceof Error && /^AssertionError\b/.test(thrown.name);

/** What was expected and what was got, line by line, where it was told in parts. */
function diffOf(error: Error): string {
  // It takes the properties of the error that it is given for its own.
  const { diff } = processError(
    Object.assign(Object.create(error) as Error, { ...error, message: error.message }),
    {
      truncateThreshold: 200,
    },
  ) as { diff?: string };
  return stripVTControlCharacters(diff ?? error.message);
}

/** The line of the check that threw, as `checks/tor.ts:12`. */
function placeOf(thrown: unknown, source: string | undefined, base: string): string {
  const named = (file: string): string => relative(base, file);
  if (source === undefined) return '';
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : '';
  for (const [, file = '', line] of stack.matchAll(
    /(?:\(|at (?:async )?)((?:file:\/\/|\/)[^\s()]*?):(\d+):\d+\)?$/gm,
  )) {
    const path = file.startsWith('file:') ? fileURLToPath(file) : file;
    if (path === source) return `${named(path)}:${line}`;
  }
  return named(source);
}
