import { join } from 'node:path';
import { homeDirectory } from './home-directory.ts';

/** Where we keep what may be lost: built reference images, the accelerator's proof, the history of durations. */
export function cacheDirectory(): string {
  const base = process.env['XDG_CACHE_HOME'];
  return join(
    base !== undefined && base.startsWith('/') ? base : join(homeDirectory(), '.cache'),
    'boot-matrix',
  );
}
