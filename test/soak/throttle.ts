import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { quote } from '../../harness/shell-quote.ts';
import { onPath } from '../../harness/machine/on-path.ts';

/** A hard disk that others use, too. */
const limits = { bytes: 16 * 2 ** 20, accesses: 200 };

/** For people. */
export const describeThrottle = `every disk at ${limits.bytes / 2 ** 20} MiB and ${limits.accesses} accesses a second`;

/**
 * Puts QEMUs into a directory whose machines have slow disks, and are the real ones otherwise (QEMU docs/throttle.txt).
 * @returns PATH with that directory in front
 */
export async function throttledPath(directory: string): Promise<string> {
  for (const name of ['qemu-system-x86_64', 'qemu-system-aarch64']) {
    const qemu = await onPath(name);
    if (qemu !== null) await writeFile(join(directory, name), wrapper(qemu), { mode: 0o755 });
  }
  return [directory, process.env['PATH']].join(delimiter);
}

/** What only asks for QEMU's version, or proves the accelerator, has no guest's name. */
const wrapper = (qemu: string): string => `#!/bin/sh
case "$*" in *guest=*) ;; *) exec ${quote(qemu)} "$@" ;; esac
left=$#
while [ $left -gt 0 ]; do
  arg=$1
  shift
  case $arg in node-name=drive*)
    arg=$(printf %s "$arg" |
      sed 's/file\\.driver=file,file\\.filename=/file.driver=throttle,file.throttle-group=slow,file.file.driver=file,file.file.filename=/')
    ;;
  esac
  set -- "$@" "$arg"
  left=$((left - 1))
done
exec ${quote(qemu)} -object throttle-group,id=slow,x-bps-total=${limits.bytes},x-iops-total=${limits.accesses} "$@"
`;
