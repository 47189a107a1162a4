import { HostError } from './errors.ts';

/** Something that a host runs out of, or that is taken; it may be there again for the next attempt. */
interface Shortage {
  code: string;
  /** Of system calls, as Node's errors and a C library name them. */
  errno: readonly string[];
  /** How programs tell it: strerror(3), and QEMU's own words. */
  words: RegExp;
  /** What it comes to, a main clause. */
  what: string;
  hint: string;
}

const shortages: readonly Shortage[] = [
  {
    code: 'disk-full',
    errno: ['ENOSPC', 'EDQUOT'],
    words: /No space left on device|Disk quota exceeded/,
    what: 'the disk is full',
    hint: 'Free space on the disks of --out and of TMPDIR, or name larger ones.',
  },
  {
    code: 'out-of-memory',
    errno: ['ENOMEM'],
    words: /Cannot allocate memory|cannot set up guest memory/,
    what: 'the host is out of memory',
    hint: 'Free memory, or run fewer machines at once (-j).',
  },
  {
    code: 'out-of-descriptors',
    errno: ['EMFILE', 'ENFILE'],
    words: /Too many open files/,
    what: 'too many files are open',
    hint: 'Raise the limit (ulimit -n), or run fewer machines at once (-j).',
  },
  {
    code: 'out-of-processes',
    errno: ['EAGAIN'],
    words: /Resource temporarily unavailable/,
    what: 'the host starts no more processes',
    hint: 'Raise the limit (ulimit -u; pids.max in a container), or run fewer machines at once (-j).',
  },
  {
    code: 'port-taken',
    errno: ['EADDRINUSE', 'EADDRNOTAVAIL'],
    words: /Could not set up host forwarding rule|Address already in use|Cannot assign requested address/,
    what: 'no port of the host is free',
    hint: 'End what holds so many ports of 127.0.0.1 (ss -tln), or run fewer machines at once (-j).',
  },
  {
    code: 'image-in-use',
    errno: [],
    words: /Failed to get (?:shared )?"[\w ]+" lock/,
    what: 'another process uses the image',
    hint: 'Shut down the machine that has it open, or test a copy: what is in use may change.',
  },
  {
    code: 'disk-io',
    errno: ['EIO', 'EROFS'],
    words: /Input\/output error|Read-only file system/,
    what: 'the disk cannot be read or written',
    hint: "Look into the kernel's log (dmesg) for the disk's errors.",
  },
];

const raise = ({ code, what, hint }: Shortage, doing: string, cause?: unknown): HostError =>
  new HostError(code, `${doing}: ${what}.`, { hint, transient: true, cause });

/**
 * What a program's last words say of the host, or null.
 * @param doing what it was about, e.g. `QEMU ended with exit code 1`.
 */
export function shortageIn(said: string, doing: string): HostError | null {
  const found = shortages.find(({ words }) => words.test(said));
  return found === undefined ? null : raise(found, `${doing}; it said: ${said.trim()}`);
}

/** What an error of the operating system, or the one that caused it, says of the host, or null. */
export function shortageOf(error: unknown): HostError | null {
  for (let one = error; one instanceof Error; one = one.cause) {
    const { code, message } = one as NodeJS.ErrnoException;
    const found = shortages.find(({ errno }) => code !== undefined && errno.includes(code));
    if (found !== undefined) return raise(found, message, error);
  }
  return null;
}
