import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { packageFile } from './version.ts';

/** What a package manager tells the scripts that it runs. */
const { INIT_CWD, npm_config_user_agent, npm_lifecycle_event, npm_package_json } = process.env;

/** Whether our own package's script `test:boot` runs us; somebody else's script calls the installed command. */
const isOwnScript =
  npm_lifecycle_event === 'test:boot' &&
  npm_package_json !== undefined &&
  packageFile !== undefined &&
  realpathSync(npm_package_json) === realpathSync(packageFile) &&
  realpathSync(process.cwd()) === realpathSync(dirname(packageFile));

const manager = npm_config_user_agent?.split('/', 1)[0] ?? 'npm';

/** What a person types to call us. */
export const commandName = !isOwnScript
  ? 'boot-matrix'
  : manager === 'npm'
    ? 'npm run test:boot --'
    : `${manager} test:boot`;

/**
 * Goes to where the command was typed: `pnpm --dir CLONE test:boot` runs the script in the clone, and a path on the command
 * line (or in a flake's reference) means what it means in the directory of whoever typed it.
 */
export function enterTypedDirectory(): void {
  if (isOwnScript && INIT_CWD !== undefined) process.chdir(INIT_CWD);
}
