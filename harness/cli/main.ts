#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { cacheDirectory } from '../cache-directory.ts';
import { exitCodes } from './exit-code.ts';
import { describeFailure } from './failure.ts';

// Eight machines that flood their consoles leave much garbage and little else: collected early, it takes a third of
// the memory for a tenth more of our little time.
setFlagsFromString('--optimize-for-size');
// Compiled once: the next run starts sooner and without the compiler of types, 20 MB.
enableCompileCache(join(cacheDirectory(), 'compiled'));

try {
  const { main } = await import('./command.ts');
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  // What cannot even be loaded: node's own exit code for that would blame a guest.
  process.stderr.write(`${describeFailure(error).text}\n`);
  process.exitCode = exitCodes.host;
}
