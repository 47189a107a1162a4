import { createHash } from 'node:crypto';
import { execa } from 'execa';
import type { Guest } from '../../harness/console/guest.ts';
import { clientFault } from '../../harness/console/shells/ssh.ts';
import { HostError } from '../../harness/errors.ts';
import { runAsRoot } from '../guest-script.ts';

/** Types that an OpenSSH server has by itself. */
const types = 'ed25519,ecdsa,rsa';
const scanSeconds = 20;

/** A public key as `<type> <base64>`, without options and comment. */
export const publicKeys = (text: string): string[] =>
  text
    .split('\n')
    .flatMap(
      (line) => /(?:^|\s)((?:ssh|ecdsa|sk-ssh|sk-ecdsa)-[a-z0-9@.-]+ [A-Za-z0-9+/]+=*)/.exec(line)?.[1] ?? [],
    );

/** The fingerprint as ssh prints it. */
export function fingerprint(publicKey: string): string {
  const [type = '', blob = ''] = publicKey.split(' ');
  const digest = createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64');
  return `${type} SHA256:${digest.replace(/=+$/, '')}`;
}

/** The keys that the server shows to whoever connects. */
async function scan(guest: Guest): Promise<string[]> {
  const { host, port } = guest.ssh;
  const result = await execa(
    'ssh-keyscan',
    ['-T', String(Math.ceil(scanSeconds * guest.slowness)), '-t', types, '-p', String(port), host],
    {
      reject: false,
      stdin: 'ignore',
      cancelSignal: guest.signal,
      timeout: Math.ceil(scanSeconds * guest.slowness * 2000),
    },
  );
  guest.signal.throwIfAborted();
  const fault = clientFault(result);
  if (fault !== null) throw fault;
  return publicKeys(result.stdout.replaceAll(/^#.*$/gm, ''));
}

/** Seconds by which a key must be older than the boot to have come with the image: clocks are read at different moments. */
const bakedInSeconds = 5;

/** Prints the host keys with the time at which each file was made, and the time of the boot (proc(5)), as seconds. */
const ownKeysScript = `
sed -n 's/^btime /boot /p' /proc/stat
for f in /etc/ssh/ssh_host_*_key $(sshd -T 2>/dev/null | sed -n 's/^[Hh]ost[Kk]ey //p'); do
  [ -e "$f" ] || continue
  stat -L -c 'made %Y %n' "$f"
  cat "$f.pub" 2>/dev/null || ssh-keygen -y -f "$f"
done`;

/**
 * Does the server that answers from outside have the host keys of this guest, and not of another machine on the same
 * port? And are they this machine's own, and not the same on each machine that is made of this image?
 */
export async function checkHostKeys(guest: Guest): Promise<string[]> {
  const shown = await scan(guest);
  guest.note({
    action: `ssh-keyscan -t ${types}`,
    observed: shown.map(fingerprint).join('\n') || 'no key',
    access: 'outside',
  });
  if (shown.length === 0) return ['expected the SSH server to show a host key, got none'];
  const { output } = await runAsRoot(guest, ownKeysScript);
  const own = publicKeys(output);
  guest.note({
    action: 'host keys in the guest',
    observed: [...new Set(own)].map(fingerprint).join('\n') || output.trim() || 'none',
    access: guest.shell.access,
  });
  const foreign = shown.filter((key) => !own.includes(key));
  const problems =
    foreign.length === 0
      ? []
      : [
          `expected the host keys of this guest from outside, got one that it does not have: ${foreign.map(fingerprint).join(', ')}`,
        ];
  const bakedIn = foreign.length > 0 ? [] : keysBeforeBoot(output);
  if (bakedIn.length > 0) {
    problems.push(
      `expected host keys that are made on the machine, got some that came with the image, the same on all machines: ${bakedIn.join(', ')}`,
    );
  }
  // Clocks and dates can lie; two machines with one key do not.
  const shared = shown.flatMap((key) => {
    const cell = guest.claim(`host key ${key}`);
    return cell === null ? [] : [`${fingerprint(key)}, as ${cell}`];
  });
  if (shared.length > 0) {
    problems.push(
      `expected host keys that no other machine has, got some that another one of this run shows, too: ${shared.join('; ')}`,
    );
  }
  return problems;
}

/** The host keys that are older than the boot, with the time at which they were made. */
function keysBeforeBoot(output: string): string[] {
  const boot = Number(/^boot (\d{1,11})\r?$/m.exec(output)?.[1] ?? Number.NaN);
  const made = [...output.matchAll(/^made (\d{1,11}) (\S+)\r?$/gm)];
  if (Number.isNaN(boot) || made.length === 0) {
    throw new HostError(
      'key-age-unknown',
      'The guest tells neither when it was booted nor when its host keys were made, so nothing is known of their age.',
      { hint: 'It must have stat(1) with -c, and /proc/stat.' },
    );
  }
  const older = made.filter(([, time]) => Number(time) + bakedInSeconds < boot);
  return [
    ...new Set(older.map(([, time, file]) => `${file} of ${new Date(Number(time) * 1000).toISOString()}`)),
  ];
}
