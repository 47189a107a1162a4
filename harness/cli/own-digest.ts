import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageFile } from './version.ts';

/** What decides about a verdict; the same below `dist` where it is installed. */
const sources = '{harness,scenarios,ovmf,dist/harness,dist/scenarios,dist/ovmf}/**/*.{ts,js,json,sh}';

/** SHA-256 over our own files and their names: which harness it was that spoke. */
export function ownDigest(): string {
  const root = dirname(packageFile ?? import.meta.dirname);
  const names = globSync(sources, {
    cwd: root,
    exclude: (name) => /\.test\.ts$|\.d\.ts$/.test(name),
  }).toSorted();
  const hash = createHash('sha256');
  for (const name of names) {
    const digest = createHash('sha256')
      .update(readFileSync(join(root, name)))
      .digest('hex');
    hash.update(`${digest}  ${name}\n`);
  }
  return hash.digest('hex');
}
