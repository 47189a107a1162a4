import { realpath } from 'node:fs/promises';

/** What two paths to the same file share: its path without symbolic links, a character for a byte, since it need not be UTF-8. */
export const identityOf = async (path: string): Promise<string> =>
  (await realpath(path, { encoding: 'buffer' })).toString('latin1');
