import { type IpxeCommand, ipxeLines } from './ipxe-lines.ts';

/** Base names of the files that an iPXE script loads, in the order of the script. */
export interface IpxeScript {
  /** Candidates: a script may have a kernel line for each of several machines, and a name that only iPXE knows in full. */
  kernels: string[];
  /** What each of them gets as its command line. */
  options: string[];
  /** Those of the kernels that may as well be another script or program, since nothing but `chain` or `boot` names them. */
  chained: Set<string>;
  /** What else is loaded; each is one file, by one of several names. */
  initrds: string[][];
}

/** Commands that select what is started, and what starts at once; each fetches what it does not know (iPXE, image_cmd.c). */
const selecting = new Set(['kernel', 'imgselect', 'imgload']);
const starting = new Set(['chain', 'imgexec', 'boot']);
/** Commands that only fetch. */
const fetching = new Set(['initrd', 'module', 'imgfetch']);

/** Whether a command's operand is an address that iPXE may fetch from. */
export const fetches = (name: string): boolean =>
  selecting.has(name) || starting.has(name) || fetching.has(name);

/** Reads what an iPXE script loads. Names that only a running iPXE knows (`${net0/mac}`) are left out. */
export function readIpxeScript(text: string): IpxeScript {
  const kernels = new Map<string, { options: string; isChained: boolean }>();
  /** What was fetched, by the name that commands know it by. */
  const fetched = new Map<string, string[]>();
  for (const command of ipxeLines(text).flatMap(({ commands }) => commands)) {
    const { name, words, operand, candidates } = command;
    const files = candidates.flatMap((url) => baseName(url) ?? []);
    const options = words.slice(operand + 1).join(' ');
    if (fetching.has(name) && files.length > 0) fetched.set(nameOf(command) ?? files[0] ?? '', files);
    if (selecting.has(name) || starting.has(name)) {
      // By its name, what was fetched before turns out to be the kernel.
      const known = words[operand] ?? '';
      const names = fetched.get(known) ?? files;
      fetched.delete(known);
      for (const one of names) {
        const before = kernels.get(one);
        // `boot NAME` only starts what has its options.
        if (before !== undefined && (starting.has(name) || options === '')) continue;
        if (before === undefined || options !== '')
          kernels.set(one, { options: before?.options || options, isChained: starting.has(name) });
      }
    }
    const argued = kernels.get(baseName(words[operand]) ?? '');
    if (name === 'imgargs' && argued !== undefined) argued.options = options;
  }
  return {
    kernels: [...kernels.keys()],
    options: [...kernels.values()].map((one) => one.options),
    chained: new Set([...kernels].flatMap(([name, { isChained }]) => (isChained ? [name] : []))),
    initrds: [...fetched.values()],
  };
}

/** The name that a command gives to what it fetches. */
function nameOf({ words }: IpxeCommand): string | undefined {
  const index = words.findIndex((word) => word === '-n' || word === '--name');
  return index === -1
    ? words.find((word) => word.startsWith('--name='))?.slice('--name='.length)
    : words[index + 1];
}

/** The last part of a URL, without query and fragment, as it stands there. */
export const lastPart = (url: string | undefined): string | undefined =>
  url
    ?.replace(/[?#].*$/, '')
    .split('/')
    .at(-1);

/** The same as a file is called: escapes (`%2B`) are read. */
export function baseName(url: string | undefined): string | undefined {
  const part = lastPart(url);
  if (part === undefined || /[${}]/.test(part)) return undefined;
  const name = decode(part);
  return name === '' || name === '..' || name === '.' || /[/\0]/.test(name) ? undefined : name;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // Not an escape, or one of bytes that are no UTF-8: iPXE would not find such a file by our name for it.
    return part;
  }
}
