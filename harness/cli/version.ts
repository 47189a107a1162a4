import { createRequire, findPackageJSON } from 'node:module';

const manifest = findPackageJSON('..', import.meta.url);

/** Our version, from the package that this file belongs to. */
export const version: string =
  manifest === undefined
    ? '0.0.0'
    : (createRequire(import.meta.url)(manifest) as { version: string }).version;
