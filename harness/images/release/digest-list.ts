import { basename } from 'node:path';

/** A line of a list: a digest and the file that it is of, or what is wrong with the line. */
export type DigestLine =
  | { number: number; sha256: string; /** Undefined: the file that the list goes with. */ name?: string }
  | { number: number; problem: string };

/** `SHA256SUMS`, `sha256sum.txt`, `nixos.iso.sha256`, `nixos.iso.sha256sum`. */
const listNames = /^sha256sums?(?:\.txt)?$|.\.sha256(?:sums?)?$/i;

/** Whether a file is a list of SHA-256 digests, by its name. */
export const isDigestList = (path: string): boolean => listNames.test(basename(path));

/** The name of the file that a list goes with, `nixos.iso` for `nixos.iso.sha256`; undefined for a list of many. */
export const accompanied = (list: string): string | undefined =>
  /^(.+)\.sha256(?:sums?)?$/i.exec(basename(list))?.[1];

/** Lines as sha256sum(1) writes them, in both of its forms, and a digest that stands alone. */
export function readDigestList(text: string): DigestLine[] {
  return text.split(/\r?\n/).flatMap((line, index): DigestLine[] => {
    if (line.trim() === '' || line.startsWith('#')) return [];
    const number = index + 1;
    const read =
      /^\\?(?<sha256>[0-9a-f]{64})(?: [ *](?<name>.+))?$/i.exec(line.trimEnd()) ??
      /^\\?SHA256 \((?<name>.+)\) = (?<sha256>[0-9a-f]{64})$/i.exec(line.trimEnd());
    const { sha256, name } = read?.groups ?? {};
    if (sha256 === undefined) return [{ number, problem: line }];
    const written = line.startsWith('\\') ? name?.replaceAll(/\\([\\n])/g, unescape) : name;
    return [{ number, sha256: sha256.toLowerCase(), ...(written === undefined ? {} : { name: written }) }];
  });
}

const unescape = (_: string, letter: string): string => (letter === 'n' ? '\n' : letter);
