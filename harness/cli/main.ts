#!/usr/bin/env node
import { access, constants } from 'node:fs/promises';
import { enableCompileCache } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { cacheDirectory } from '../cache-directory.ts';
import { UsageError } from '../errors.ts';
import { enterTypedDirectory } from './called.ts';
import { describeFailure } from './failure.ts';

// Eight machines that flood their consoles leave much garbage and little else: collected early, it takes a third of
// the memory for a tenth more of our little time.
setFlagsFromString('--optimize-for-size');

try {
  // Compiled once: the next run starts sooner and without the compiler of types, 20 MB.
  enableCompileCache(join(cacheDirectory(), 'compiled'));
  await refuseMissingTmpdir();
  enterTypedDirectory();
  const { main } = await import('./dispatch.ts');
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  // What cannot even be loaded: node's own exit code for that would blame a guest.
  const { text, exitCode } = describeFailure(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = exitCode;
}

/** What keeps files there looks for it as it is loaded. */
async function refuseMissingTmpdir(): Promise<void> {
  await access(tmpdir(), constants.W_OK).catch((cause: unknown) => {
    throw new UsageError(
      'no-tmpdir',
      `TMPDIR: expected a directory that can be written to, got ${tmpdir()}; make it, or name another.`,
      { cause },
    );
  });
}
