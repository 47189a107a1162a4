import { createRequire, findPackageJSON } from 'node:module';

/** The `package.json` of the package that this file belongs to. */
export const packageFile = findPackageJSON('..', import.meta.url);

const manifest =
  packageFile === undefined
    ? { version: '0.0.0', engines: { node: '' } }
    : (createRequire(import.meta.url)(packageFile) as { version: string; engines: { node: string } });

/** Our version, and the versions of Node that it runs on. */
export const { version, engines } = manifest;
