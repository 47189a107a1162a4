import { rm } from 'node:fs/promises';
import type { Server } from 'node:net';
import { HostError } from '../../errors.ts';

/**
 * Has a server listen for QEMU on a unix socket; QEMU connects to it as it starts.
 * @param what shall connect, a word
 * @throws HostError `qmp-listen`
 */
export async function listen(server: Server, path: string, what: string): Promise<void> {
  await rm(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      const message = `Cannot listen for QEMU's ${what} on ${path}: ${error.message}.`;
      const hint = 'Use a shorter or writable directory for temporary files (TMPDIR).';
      reject(new HostError('qmp-listen', message, { hint, cause: error }));
    });
    server.listen(path, resolve);
  });
}
