import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where we keep what may be lost: built reference images, the accelerator's proof, the history of durations. */
export function cacheDirectory(): string {
  const base = process.env['XDG_CACHE_HOME'];
  return join(base !== undefined && base.startsWith('/') ? base : join(homedir(), '.cache'), 'boot-matrix');
}
