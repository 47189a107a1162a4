import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import ssh2 from 'ssh2';
import type { AuthContext, Connection } from 'ssh2';
import { dir } from 'tmp-promise';

export interface SshServer extends AsyncDisposable {
  port: number;
  /** Path of the private key that it lets in. */
  privateKey: string;
  /** Its public half, as a line of authorized_keys. */
  authorizedKey: string;
  /** Path of the host key's public half. */
  hostKey: string;
  /** How many connections are open. */
  connections(): number;
}

export interface SshServerOptions {
  /** What it lets in besides the key. */
  letsIn?: 'empty-password' | 'any-password' | 'none' | 'any-key';
  /** A password that it lets in. */
  password?: string;
  /** Whether it lets the key in. @default true */
  takesKey?: boolean;
  /** What it offers. @default the library's */
  algorithms?: ssh2.Algorithms;
}

/** A real SSH server on a port of its own that runs commands on this host, and that can be as broken as a guest's. */
export async function startSshServer(options: SshServerOptions = {}): Promise<SshServer> {
  const { letsIn, takesKey = true, algorithms = {} } = options;
  const { path: directory, cleanup } = await dir({ prefix: 'bm-sshd-', unsafeCleanup: true });
  const makeKey = async (name: string): Promise<string> => {
    const path = join(directory, name);
    await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', path], {
      stdin: 'ignore',
    });
    return path;
  };
  const [hostKey, privateKey] = await Promise.all([makeKey('host'), makeKey('user')]);
  const authorizedKey = (await readFile(`${privateKey}.pub`, 'utf8')).trim();
  const authorized = ssh2.utils.parseKey(authorizedKey);
  if (authorized instanceof Error) throw authorized;

  const takesPassword = (password: string): boolean =>
    // As sshd and a PAM that asks nothing: PermitEmptyPasswords no.
    (letsIn === 'any-password' && password !== '') ||
    (letsIn === 'empty-password' && password === '') ||
    password === options.password;

  const authenticate = (context: AuthContext): void => {
    if (context.method === letsIn) return context.accept();
    if (context.method === 'password' && takesPassword(context.password)) return context.accept();
    if (context.method === 'publickey' && letsIn === 'any-key') return context.accept();
    if (context.method === 'publickey' && takesKey && context.key.data.equals(authorized.getPublicSSH())) {
      const { blob, signature, hashAlgo } = context;
      // Without a signature it is only asked whether the key would do.
      if (blob === undefined || signature === undefined) return context.accept();
      if (authorized.verify(blob, signature, hashAlgo) === true) return context.accept();
    }
    context.reject(['publickey', 'password']);
  };

  const open = new Set<Connection>();
  const server = new ssh2.Server({ hostKeys: [await readFile(hostKey)], algorithms }, (connection) => {
    open.add(connection);
    connection.on('close', () => open.delete(connection));
    // A client that goes without a word is what some tests are about.
    connection.on('error', () => {});
    connection.on('authentication', authenticate);
    connection.on('session', (accept) => {
      accept().on('exec', (acceptExec, _reject, { command }) => runCommand(acceptExec(), command));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    privateKey,
    authorizedKey,
    hostKey: `${hostKey}.pub`,
    connections: () => open.size,
    async [Symbol.asyncDispose]() {
      for (const connection of open) connection.end();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await cleanup();
    },
  };
}

function runCommand(stream: ssh2.ServerChannel, command: string): void {
  const subprocess = execa('sh', ['-c', command], { reject: false, buffer: false });
  stream.pipe(subprocess.stdin);
  subprocess.stdout.pipe(stream, { end: false });
  subprocess.stderr.pipe(stream.stderr, { end: false });
  stream.on('close', () => subprocess.kill());
  void subprocess.then(({ exitCode }) => {
    stream.exit(exitCode ?? 255);
    stream.end();
  });
}
