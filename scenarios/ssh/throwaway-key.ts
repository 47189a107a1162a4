import { readFile } from 'node:fs/promises';
import type { Guest } from '../../harness/console/guest.ts';
import { quote } from '../../harness/shell-quote.ts';
import { runAsRoot } from '../guest-script.ts';
import { makeKey } from './make-key.ts';

/**
 * Authorizes a key made for this one check beside the promised one, in the same file, while `use` runs: where only the
 * owner of the image has the promised key's private half, this shows that what stands in that file logs in.
 * @returns null when the guest does not let the file be changed.
 */
export async function withThrowawayKey<T>(
  guest: Guest,
  file: string,
  use: (privateKey: string) => Promise<T>,
): Promise<T | null> {
  const privateKey = await makeKey(guest);
  const line = (await readFile(`${privateKey}.pub`, 'utf8')).trim();
  // Appended and restored in place: owner, mode and inode stay, which sshd looks at.
  const added = await runAsRoot(
    guest,
    `cp -p ${quote(file)} ${quote(`${file}.before`)} && printf '\\n%s\\n' ${quote(line)} >> ${quote(file)}`,
  );
  if (added.status !== 0) {
    guest.note({
      action: `append a throw-away key to ${file}`,
      observed: added.output.trim(),
      access: guest.shell.access,
    });
    return null;
  }
  try {
    return await use(privateKey);
  } finally {
    await runAsRoot(
      guest,
      `cat ${quote(`${file}.before`)} > ${quote(file)} && rm -f ${quote(`${file}.before`)}`,
    );
  }
}
