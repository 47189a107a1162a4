/** Base names of the files that an iPXE script loads, in the order of the script. */
export interface IpxeScript {
  /** Candidates: a script may have a kernel line for each of several machines. */
  kernels: string[];
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
  const script: IpxeScript = { kernels: [], initrds: [] };
  for (const line of text.replace(/\\\r?\n/g, ' ').split('\n')) {
    const [command = '', ...words] = expand(line, settings).trim().split(/\s+/);
    if (command === 'set' && words[0] !== undefined) {
      settings.set(words[0].replace(/:\w+$/, ''), words.slice(1).join(' '));
    }
    const name = baseName(words);
    if (name === undefined) continue;
    if (command === 'kernel') script.kernels.push(name);
    if (command === 'initrd') script.initrds.push(name);
  }
  return script;
}

function expand(line: string, settings: Map<string, string>): string {
  return line.replace(/\$\{([^${}:]+)(?::\w+)?\}/g, (whole, name: string) => settings.get(name) ?? whole);
}

/** The last part of the first word that is no option, without query and fragment. */
function baseName(words: readonly string[]): string | undefined {
  const at = words.findIndex(
    (word, index) => !word.startsWith('-') && !valueOptions.has(words[index - 1] ?? ''),
  );
  const name = words[at]
    ?.replace(/[?#].*$/, '')
    .split('/')
    .at(-1);
  return name === undefined || name === '' || name === '..' || name === '.' || /[${}]/.test(name)
    ? undefined
    : name;
}
