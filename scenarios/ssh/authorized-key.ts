import type { Guest } from '../../harness/console/guest.ts';
import { runAsRoot } from '../guest-script.ts';
import { quote } from '../../harness/shell-quote.ts';
import { fingerprint, publicKeys } from './host-keys.ts';

/**
 * Looks for the promised key (or for any of the promised type) in the files where sshd looks.
 * @returns the file that has it, or a sentence that says what is wrong.
 */
export async function findAuthorizedKey(
  guest: Guest,
  files: readonly string[],
  promised: string,
): Promise<{ file: string } | { problem: string }> {
  const [type = '', blob] = promised.split(' ');
  const wanted = blob === undefined ? `a key of type ${type}` : `the key ${fingerprint(promised)}`;
  // The one that we put there ourselves is not the image's.
  const own = publicKeys(guest.supplies?.publicKey ?? '')[0];
  const found: string[] = [];
  for (const file of files) {
    const { status, output } = await runAsRoot(guest, `cat ${quote(file)}`);
    const keys = (status === 0 ? publicKeys(output.replaceAll(/^\s*#.*$/gm, '')) : []).filter(
      (key) => key !== own,
    );
    found.push(...keys);
    const matching = keys.find((key) =>
      blob === undefined ? key.startsWith(`${type} `) : key === `${type} ${blob}`,
    );
    if (matching === undefined) continue;
    guest.note({ action: `read ${file}`, observed: fingerprint(matching), access: guest.shell.access });
    return { file };
  }
  const got = found.length === 0 ? 'none' : found.map(fingerprint).join(', ');
  return { problem: `expected ${wanted} to be authorized in ${files.join(' or ') || 'a file'}, got ${got}` };
}
