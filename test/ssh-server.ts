import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
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
  letsIn?: 'empty-password' | 'any-password' | 'any-answer' | 'none' | 'any-key';
  /** A password that it lets in. */
  password?: string;
  /** Whether it lets the key in. @default true */
  takesKey?: boolean;
  /** The methods that it names. @default publickey and password */
  methods?: ssh2.AuthenticationType[];
  /** How often it says no until it ends the connection, as OpenSSH does. @default without bound */
  maxAuthTries?: number;
  /** For how many seconds after that it drops who connects, as OpenSSH 9.8 and newer. @default 0 */
  penaltySeconds?: number;
  /** The stranger's proof is taken, as the first of several. @default false */
  wantsMore?: boolean;
  /** What a login prints before its command runs, e.g. by root's `.bashrc`. @default nothing */
  greeting?: string;
  /** What it offers. @default the library's */
  algorithms?: ssh2.Algorithms;
}

/** A real SSH server on a port of its own that runs commands on this host, and that can be as broken as a guest's. */
export async function startSshServer(options: SshServerOptions = {}): Promise<SshServer> {
  const { letsIn, takesKey = true, algorithms = {}, greeting = '' } = options;
  const { methods = ['publickey', 'password'], maxAuthTries = Infinity, wantsMore = false } = options;
  const { penaltySeconds = 0 } = options;
  let penaltyUntil = 0;
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

  const isRight = (context: AuthContext): boolean => {
    if (context.method === letsIn) return true;
    if (context.method === 'password') return takesPassword(context.password);
    if (context.method !== 'publickey') return false;
    if (letsIn === 'any-key') return true;
    if (!takesKey || !context.key.data.equals(authorized.getPublicSSH())) return false;
    const { blob, signature, hashAlgo } = context;
    // Without a signature it is only asked whether the key would do.
    if (blob === undefined || signature === undefined) return true;
    return authorized.verify(blob, signature, hashAlgo) === true;
  };

  const authenticator = (connection: Connection) => {
    let refusals = 0;
    let took = false;
    return (context: AuthContext): void => {
      const refuse = (): void => {
        if (context.method !== 'none' && ++refusals >= maxAuthTries) {
          penaltyUntil = performance.now() + penaltySeconds * 1000;
          return disconnect(connection);
        }
        context.reject(methods);
      };
      if (context.method !== 'keyboard-interactive') {
        if (!isRight(context)) return refuse();
        const isQuestion = context.method === 'publickey' && context.signature === undefined;
        if (!wantsMore || isQuestion) return context.accept();
        // As sshd, which takes no key twice.
        if (took) return refuse();
        took = true;
        return context.reject(methods, true);
      }
      context.prompt([{ prompt: 'Password: ', echo: false }], ([answer = '']) =>
        letsIn === 'any-answer' && answer !== '' ? context.accept() : refuse(),
      );
    };
  };

  const open = new Set<Connection>();
  const ssh = new ssh2.Server({ hostKeys: [await readFile(hostKey)], algorithms }, (connection) => {
    open.add(connection);
    connection.on('close', () => open.delete(connection));
    // A client that goes without a word is what some tests are about.
    connection.on('error', () => {});
    connection.on('authentication', authenticator(connection));
    connection.on('session', (accept) => {
      accept().on('exec', (acceptExec, _reject, { command }) => runCommand(acceptExec(), command, greeting));
    });
  });
  const server = createServer((socket) => {
    socket.on('error', () => {});
    if (performance.now() < penaltyUntil) socket.resume().end('Not allowed at this time\r\n');
    else ssh.injectSocket(socket);
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

function runCommand(stream: ssh2.ServerChannel, command: string, greeting: string): void {
  stream.write(greeting);
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

/** Ends a connection as OpenSSH's server does that has said no often enough; the library's own word has no text. */
function disconnect(connection: Connection): void {
  const { _protocol: protocol } = connection as unknown as {
    _protocol: {
      _packetRW: {
        write: Record<'alloc' | 'finalize', (...args: unknown[]) => Buffer> & { allocStartKEX: number };
      };
      _cipher: { encrypt(packet: Buffer): void };
    };
  };
  const text = 'Too many authentication failures';
  const { write } = protocol._packetRW;
  // RFC 4253, 11.1: the message's number, a reason (2: protocol error), a description, a language.
  const packet = write.alloc(13 + text.length, true);
  let at = write.allocStartKEX;
  packet[at] = 1;
  at = packet.writeUInt32BE(2, at + 1);
  at = packet.writeUInt32BE(text.length, at);
  at += packet.write(text, at, 'latin1');
  packet.writeUInt32BE(0, at);
  protocol._cipher.encrypt(write.finalize(packet, true));
  connection.end();
}
