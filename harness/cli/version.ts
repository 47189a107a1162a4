import { createRequire, findPackageJSON } from 'node:module';

/** The `package.json` of the package that this file belongs to. */
export const packageFile = findPackageJSON('..', import.meta.url);

/** Our version. */
export const version: string =
  packageFile === undefined
    ? '0.0.0'
    : (createRequire(import.meta.url)(packageFile) as { version: string }).version;
