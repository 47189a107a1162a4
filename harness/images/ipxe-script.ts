/** Base names of the files that an iPXE script loads, in the order of the script. */
export interface IpxeScript {
  /** Candidates: a script may have a kernel line for each of several machines. */
  kernels: string[];
  /** What each of them gets as its command line. */
  options: string[];
  initrds: string[];
}

/** Options of iPXE's `kernel` and `initrd` that take a value (https://ipxe.org/cmd). */
const valueOptions = new Set(['-n', '--name', '-t', '--timeout']);

/**
 * Reads what an iPXE script loads. Settings that the script itself makes are expanded; names that only a running
 * iPXE knows (`${net0/mac}`) are left out. Branches are not followed.
 */
export function readIpxeScript(text: string): IpxeScript {
  const settings = new Map<string, string>();
  const script: IpxeScript = { kernels: [], options: [], initrds: [] };
  for (const line of text.replace(/\\\r?\n/g, ' ').split('\n')) {
    const [command = '', ...words] = expand(line, settings).trim().split(/\s+/);
    if (command === 'set' && words[0] !== undefined) {
      settings.set(words[0].replace(/:\w+$/, ''), words.slice(1).join(' '));
    }
    const at = firstOperand(words);
    const name = baseName(words[at]);
    if (name === undefined) continue;
    if (command === 'kernel') {
      script.kernels.push(name);
      script.options.push(
        words
          .slice(at + 1)
          .join(' ')
          .replace(/ *(?:\|\||&&).*/, ''),
      );
    }
    if (command === 'initrd') script.initrds.push(name);
  }
  return script;
}

function expand(line: string, settings: Map<string, string>): string {
  return line.replace(/\$\{([^${}:]+)(?::\w+)?\}/g, (whole, name: string) => settings.get(name) ?? whole);
}

/** The place of the first word that is no option; -1: there is none. */
const firstOperand = (words: readonly string[]): number =>
  words.findIndex((word, index) => !word.startsWith('-') && !valueOptions.has(words[index - 1] ?? ''));

/** The last part of a URL, without query and fragment. */
function baseName(url: string | undefined): string | undefined {
  const name = url
    ?.replace(/[?#].*$/, '')
    .split('/')
    .at(-1);
  return name === undefined || name === '' || name === '..' || name === '.' || /[${}]/.test(name)
    ? undefined
    : name;
}
