import { setTimeout as sleep } from 'node:timers/promises';

/** What the last pictures of an interrupted machine may take: a person waits for the end. */
const mostMilliseconds = 2000;

/**
 * Waits for what is kept of a machine at its end. Cheap as it is, it is kept of one that was interrupted, too; there a QEMU
 * that does not answer is not waited for.
 * @param kept must not reject
 */
export async function lastLook(kept: Promise<unknown>, interrupt: AbortSignal): Promise<void> {
  const end = new AbortController();
  const hurry = (): Promise<unknown> => sleep(mostMilliseconds, undefined, { signal: end.signal });
  const interrupted = Promise.withResolvers<unknown>();
  const onAbort = (): void => void hurry().then(interrupted.resolve, () => {});
  if (interrupt.aborted) onAbort();
  interrupt.addEventListener('abort', onAbort, { once: true });
  await Promise.race([kept, interrupted.promise]);
  interrupt.removeEventListener('abort', onAbort);
  end.abort();
}
