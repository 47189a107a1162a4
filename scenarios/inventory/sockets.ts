/** The states of /proc/net/tcp and udp (include/net/tcp_states.h): listening, and bound without a peer. */
const isOpen = (protocol: string, state: string): boolean =>
  protocol.startsWith('tcp') ? state === '0A' : state === '07';

/** Ports that a program gets when it asks for none (ip_local_port_range): their numbers say nothing. */
const firstEphemeral = 32_768;

/** Who can reach it: nobody but the machine itself, or whoever can reach this address. */
function whose(hex: string): string {
  if (/^0+$/.test(hex)) return 'any';
  if (hex.length === 8) return hex.endsWith('7F') ? 'loopback' : 'address';
  if (hex === '00000000000000000000000001000000') return 'loopback';
  return hex.startsWith('000080FE') ? 'link' : 'address';
}

/** Ports that are listened on, with the names of their programs, from /proc alone: not every image has ss(8). */
export function listeningSockets(lines: readonly string[]): Map<string, string> {
  const names = new Map<string, string>();
  const owners = new Map<string, string>();
  for (const line of lines) {
    const [word, pid = '', ...name] = line.split(' ');
    if (word === 'name') names.set(pid, name.join(' '));
    const [, owner, inode] = /^socket \/proc\/(\d+)\/fd\/\d+ socket:\[(\d+)\]/.exec(line) ?? [];
    if (inode !== undefined && owner !== undefined && !owners.has(inode)) owners.set(inode, owner);
  }
  const found = new Map<string, string>();
  for (const line of lines) {
    const socket =
      /^((?:tcp|udp)6?)\s+\d+:\s+([0-9A-F]{8,32}):([0-9A-F]{4})\s+\S+\s+([0-9A-F]{2})\s+\S+\s+\S+\s+\S+\s+\d+\s+\d+\s+(\d+)/.exec(
        line,
      );
    if (socket === null) continue;
    const [, protocol = '', address = '', hexPort = '', state = '', inode = ''] = socket;
    if (!isOpen(protocol, state)) continue;
    const port = Number.parseInt(hexPort, 16);
    const program = names.get(owners.get(inode) ?? '') ?? 'unknown';
    const shown = port < firstEphemeral ? String(port) : `any port of ${program}`;
    found.set(`${protocol} ${whose(address)} ${shown}`, program);
  }
  return found;
}
