import { createConnection } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { printable } from '../../printable.ts';
import { shortageOf } from '../../shortage.ts';

/** What a TCP connection to an SSH port came to. */
export type Banner =
  /** The identification string, e.g. `SSH-2.0-OpenSSH_10.0p2`. */
  | { kind: 'banner'; text: string }
  /**
   * Closed without one. QEMU's user network accepts on the host before it knows whether anyone listens in the guest,
   * so this, and not a refused connection, is what a closed port looks like. `text`: what came instead, maybe nothing.
   */
  | { kind: 'closed'; text: string }
  /** Open and silent until the limit: the guest did not even refuse, e.g. it has no address yet, or a firewall drops. */
  | { kind: 'silent' }
  /** Nothing listens on the host's side: the machine is gone or forwards nothing. */
  | { kind: 'refused' };

/** A server may say other lines first (RFC 4253, 4.2); none says more than this. */
const maxBytes = 8192;

/** Whatever listens there may send any byte, and as many as it likes. */
const shown = (latin1: string): string => printable(latin1.trim(), 80);

/** Connects once and waits for the SSH identification string. Rejects for the signal, and where the host has no port or descriptor left. */
export async function readBanner(
  host: string,
  port: number,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Banner> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<Banner>();
  let seen = '';
  const socket = createConnection({ host, port });
  const limit = setTimeout(() => resolve({ kind: 'silent' }), timeoutMs);
  const onAbort = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  socket.setEncoding('latin1');
  socket.on('data', (text: string) => {
    seen += text;
    const banner = /^(SSH-\d[^\r\n]*)\r?\n/m.exec(seen)?.[1];
    if (banner !== undefined) resolve({ kind: 'banner', text: banner });
    else if (seen.length > maxBytes) resolve({ kind: 'closed', text: shown(seen) });
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    const shortage = shortageOf(error);
    if (shortage !== null) return reject(shortage);
    resolve(error.code === 'ECONNREFUSED' ? { kind: 'refused' } : { kind: 'closed', text: shown(seen) });
  });
  socket.on('end', () => resolve({ kind: 'closed', text: shown(seen) }));
  try {
    return await promise;
  } finally {
    clearTimeout(limit);
    signal.removeEventListener('abort', onAbort);
    socket.destroy();
  }
}

/** Waits until an SSH server answers, without bound: the signal carries the budget. Returns its identification. */
export async function waitForSshBanner(options: {
  host: string;
  port: number;
  signal: AbortSignal;
}): Promise<string> {
  const { host, port, signal } = options;
  for (let pause = 250; ; pause = Math.min(pause * 2, 2000)) {
    const banner = await readBanner(host, port, 15_000, signal);
    if (banner.kind === 'banner') return banner.text;
    await sleep(pause, undefined, { signal });
  }
}
