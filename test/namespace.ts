import { execa } from 'execa';

/**
 * Runs a shell script in user, mount and network namespaces of its own, where it may mount and set what it likes and
 * nothing of it stays. Rejects as execa does.
 */
export const inNamespace = (script: string, args: readonly string[] = [], env: Record<string, string> = {}) =>
  execa('unshare', ['--map-root-user', '--mount', '--net', 'sh', '-euc', script, 'sh', ...args], {
    env,
    stdin: 'ignore',
    reject: false,
  });

/** Whether this host lets users have namespaces: some containers and distributions do not. */
export const hasNamespaces = (await inNamespace('mount -t tmpfs none /mnt')).exitCode === 0;
