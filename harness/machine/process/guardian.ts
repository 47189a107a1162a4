import type { Socket } from 'node:net';
import { execa } from 'execa';
import { HostError } from '../../errors.ts';
import { shortageOf } from '../../shortage.ts';

/** The word that the harness leaves when it ends in order. */
const farewell = 'released';

/**
 * Waits for the end of its standard input, that is, for the end of the harness, however that comes. Then it kills
 * every QEMU whose pid file lies in the scratch directory, if that process still is that QEMU (ids are reused), and
 * removes the directory. A QEMU that was stopped does not hear the SIGHUP of its terminal, so this is SIGKILL.
 * A command that is left runs last, where the harness did not end in order.
 */
const script = `
root=$1
word=$(cat)
find "$root" -type f -name '*.pid' | while read -r file; do
  pid=$(cat "$file") || continue
  if [ -r "/proc/$pid/cmdline" ]; then
    command=$(tr '\\0' ' ' <"/proc/$pid/cmdline")
  else
    command=$(ps -ww -o args= -p "$pid")
  fi
  case $command in *"$file"*) kill -9 "$pid" ;; esac
done
# A QEMU that just ends may write here until it is gone.
rm -rf "$root" || { sleep 1; rm -rf "$root"; }
[ "$word" = ${farewell} ] || [ $# -lt 3 ] || { cd "$2" && shift 2 && "$@"; }
`;

export interface Guardian {
  /** Ends what is left of the run and removes the scratch directory; resolves when that is done. */
  release(): Promise<void>;
}

/**
 * Starts the process that cleans up after this one, even after its `kill -9`: in a session of its own, so that no
 * Ctrl-C and no signal to our group reaches it.
 * To be called before the first machine: what is started later inherits that machine's terminal, and keeps it open.
 * @param scratchRoot the run's own directory, with all its machines' files; nothing else may be in it.
 * @throws HostError where the host starts no more processes.
 * @param lastWill a command that runs when this process ends without `release`, in the present working directory.
 */
export async function startGuardian(
  scratchRoot: string,
  lastWill: readonly string[] = [],
): Promise<Guardian> {
  const args = [scratchRoot, process.cwd(), ...lastWill];
  const guardian = execa('/bin/sh', ['-c', script, 'boot-matrix-guardian', ...args], {
    cwd: '/',
    detached: true,
    cleanup: false,
    stdin: 'pipe',
    stdout: 'ignore',
    stderr: 'ignore',
    reject: false,
  });
  if (guardian.pid === undefined) {
    const failure = await guardian;
    const message = `The process that cleans up after a crash cannot be started: ${String(failure.cause)}`;
    throw shortageOf(failure.cause) ?? new HostError('guardian-unstartable', message, { cause: failure });
  }
  // It must not keep us alive: it waits for our end.
  guardian.nodeChildProcess.unref();
  (guardian.stdin as Socket).unref();
  return {
    async release() {
      guardian.nodeChildProcess.ref();
      guardian.stdin.end(farewell);
      await guardian;
    },
  };
}
