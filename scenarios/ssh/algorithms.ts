/** By what they are for: `KEX algorithms`, `host key algorithms`, `ciphers ctos`, `MACs ctos`… */
type Algorithms = ReadonlyMap<string, readonly string[]>;

/** Reads the server's proposal out of the client's log (OpenSSH kex.c, log level DEBUG2). */
export function parseAlgorithms(log: string): Algorithms {
  const algorithms = new Map<string, string[]>();
  const proposal = log.split('peer server KEXINIT proposal')[1] ?? '';
  for (const [, what = '', names = ''] of proposal.matchAll(
    /^debug2: (KEX algorithms|host key algorithms|(?:ciphers|MACs) (?:ctos|stoc)): (\S+)\r?$/gm,
  )) {
    if (!algorithms.has(what)) algorithms.set(what, names.split(','));
  }
  return algorithms;
}

/** What no server may offer any more, and who says so. */
const weak: readonly { pattern: RegExp; source: string }[] = [
  {
    pattern: /^(?:diffie-hellman-group1-sha1|diffie-hellman-group-exchange-sha1|rsa1024-sha1)$/,
    source: 'RFC 9142, 4',
  },
  { pattern: /^(?:ssh-dss|ssh-dss-cert-v01@openssh\.com)$/, source: 'FIPS 186-5' },
  { pattern: /^(?:ssh-rsa|ssh-rsa-cert-v01@openssh\.com)$/, source: 'RFC 8332, SHA-1' },
  { pattern: /^arcfour/, source: 'RFC 8758' },
  { pattern: /^(?:3des|blowfish|cast128)-cbc$|^none$/, source: 'RFC 4253, 6.3 and Sweet32' },
  { pattern: /^hmac-md5/, source: 'RFC 6151' },
];

/** A sentence on the weak ones; null when there is none. */
export function weakAlgorithms(algorithms: Algorithms): string | null {
  const names = new Set([...algorithms.values()].flat());
  const found = [...names].flatMap((name) => {
    const why = weak.find(({ pattern }) => pattern.test(name));
    return why === undefined ? [] : [`${name} (${why.source})`];
  });
  return found.length === 0
    ? null
    : `expected the SSH server to offer no weak algorithm, got ${found.join(', ')}`;
}
