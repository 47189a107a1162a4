import { readFile } from 'node:fs/promises';
import type { Guest } from '../../harness/console/guest.ts';
import { GuestError, UsageError } from '../../harness/errors.ts';
import { quote } from '../../harness/shell-quote.ts';
import { runAsRoot } from '../guest-script.ts';

export interface CopyInOptions {
  mode?: string;
}

/** A serial line takes some minutes for as much; larger things belong on a medium. */
const largestCopy = 1024 * 1024;
/** A script for a guest may be 120,000 bytes; base64 makes four of three. */
const chunkBytes = 60_000;

/** Writes a file in the guest, whole or not at all. */
export async function copyIn(
  guest: Guest,
  from: string | Uint8Array,
  to: string,
  { mode = '644' }: CopyInOptions = {},
): Promise<void> {
  const bytes = typeof from === 'string' ? await readHost(from) : from;
  if (bytes.length > largestCopy) {
    throw new UsageError(
      'copy-too-large',
      `copyIn() takes at most ${largestCopy} bytes, got ${bytes.length} for ${to}.`,
    );
  }
  const part = quote(`${to}.${guest.nonce}`);
  for (let at = 0; at === 0 || at < bytes.length; at += chunkBytes) {
    const text = Buffer.from(bytes.subarray(at, at + chunkBytes)).toString('base64');
    await root(
      guest,
      `copy to ${to}`,
      `printf %s ${quote(text)} | base64 -d >${at === 0 ? '' : '>'} ${part}`,
    );
  }
  await root(guest, `copy to ${to}`, `chmod ${quote(mode)} ${part} && mv -f ${part} ${quote(to)}`);
  guest.note({
    action: `copy ${typeof from === 'string' ? from : 'bytes'} to ${to}`,
    observed: `${bytes.length} bytes, mode ${mode}`,
    access: guest.shell.access,
  });
}

/** Reads a file of the guest. */
export async function copyOut(guest: Guest, path: string): Promise<Uint8Array> {
  const bytes = await root(guest, `copy of ${path}`, `cat -- ${quote(path)}`);
  guest.note({ action: `copy ${path} out`, observed: `${bytes.length} bytes`, access: guest.shell.access });
  return bytes;
}

async function root(guest: Guest, what: string, script: string): Promise<Uint8Array> {
  const { status, output, bytes } = await runAsRoot(guest, script, 300);
  if (status === 0) return bytes;
  throw new GuestError('copy-failed', `expected a ${what}, got: ${output.trim()}`, { evidence: output });
}

async function readHost(path: string): Promise<Uint8Array> {
  return readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(
      'copy-unreadable',
      `copyIn() takes a file of this host that can be read, got ${path} (${cause.code}).`,
      { cause },
    );
  });
}
