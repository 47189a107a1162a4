import { execa } from 'execa';
import { open } from 'node:fs/promises';

/**
 * Takes an exclusive flock(2) on `path` and holds it until disposed. flock(1) locks the open file that it shares with
 * us, so the kernel frees the lock with our process, however that ends.
 * @param onWait - called once when somebody else holds it
 */
export async function lockFile(
  path: string,
  onWait: () => void,
  signal?: AbortSignal,
): Promise<AsyncDisposable> {
  const file = await open(path, 'a');
  const flock = async (...options: string[]) =>
    execa('flock', [...options, '3'], {
      // execa takes any descriptor; its types know the first ten.
      stdio: ['ignore', 'pipe', 'pipe', file.fd as 3],
      reject: false,
      ...(signal === undefined ? {} : { cancelSignal: signal }),
    });
  try {
    const attempt = await flock('--exclusive', '--nonblock');
    if (attempt.exitCode === 1 && attempt.stderr === '') {
      onWait();
      const blocking = await flock('--exclusive');
      if (blocking.failed) throw blocking;
    } else if (attempt.failed) throw attempt;
  } catch (error) {
    await file.close();
    signal?.throwIfAborted();
    throw error;
  }
  return { [Symbol.asyncDispose]: async () => file.close() };
}
