import { wrapQemu } from '../wrapped-qemu.ts';

/** A hard disk that others use, too. */
const limits = { bytes: 16 * 2 ** 20, accesses: 200 };

/** For people. */
export const describeThrottle = `every disk at ${limits.bytes / 2 ** 20} MiB and ${limits.accesses} accesses a second`;

/**
 * Puts QEMUs into a directory whose machines have slow disks (QEMU docs/throttle.txt).
 * @returns PATH with that directory in front
 */
export const throttledPath = (directory: string): Promise<string> => wrapQemu(directory, withSlowDisks);

const withSlowDisks = (qemu: string): string => `left=$#
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
exec ${qemu} -object throttle-group,id=slow,x-bps-total=${limits.bytes},x-iops-total=${limits.accesses} "$@"`;
