import { constants } from 'node:fs';
import { chmod, copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Firmware } from './descriptor.ts';

/** Copies the template of the variables for one machine, writable, and returns its path. */
export async function copyVariables(firmware: Firmware, directory: string): Promise<string> {
  const path = join(directory, `variables.${firmware.variablesFormat === 'qcow2' ? 'qcow2' : 'fd'}`);
  await copyFile(firmware.variables, path, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  // The template may be read-only, as all in a Nix store is; copies keep that.
  await chmod(path, 0o600);
  return path;
}
