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

/** What settings may add to a script at most, characters: `set a ${a}${a}` doubles with each line. */
const maxExpansion = 1 << 20;

/** A line of a script. */
export interface IpxeCommand {
  /** As it stands there, with its continuation lines. */
  source: string;
  /** Empty for an empty line. */
  name: string;
  /** What follows, with the settings expanded that the script itself makes. */
  words: string[];
  /** The place of the first word that is no option; -1: there is none. */
  operand: number;
  /** That word before its settings were expanded; undefined where they make it several words, or where there is none. */
  written: string | undefined;
}

/** The lines of an iPXE script; joined by newlines, their sources are the script. Branches are not followed. */
export function ipxeCommands(text: string): IpxeCommand[] {
  const settings = new Map<string, string>();
  let left = maxExpansion;
  const expand = (word: string): string =>
    word.replaceAll(/\$\{([^${}:]+)(?::\w+)?\}/g, (whole, setting: string) => {
      const value = settings.get(setting);
      if (value === undefined || value.length > left) return whole;
      left -= value.length;
      return value;
    });
  return text.split(/(?<!\\\r?)\n/).map((source) => {
    const written = source
      .replaceAll(/\\\r?\n/g, ' ')
      .trim()
      .split(/\s+/);
    const expanded = written.map(expand);
    const [name = '', ...words] = expanded.join(' ').trim().split(/\s+/);
    if (name === 'set' && words[0] !== undefined) {
      settings.set(words[0].replace(/:\w+$/, ''), words.slice(1).join(' '));
    }
    const operand = firstOperand(words);
    const place = 1 + firstOperand(written.slice(1));
    const isOneWord = expanded[place] === words[operand];
    return { source, name, words, operand, written: isOneWord ? written[place] : undefined };
  });
}

/** Reads what an iPXE script loads. Names that only a running iPXE knows (`${net0/mac}`) are left out. */
export function readIpxeScript(text: string): IpxeScript {
  const script: IpxeScript = { kernels: [], options: [], initrds: [] };
  for (const { name: command, words, operand } of ipxeCommands(text)) {
    const name = baseName(words[operand]);
    if (name === undefined) continue;
    if (command === 'kernel') {
      script.kernels.push(name);
      script.options.push(
        words
          .slice(operand + 1)
          .join(' ')
          .replace(/ *(?:\|\||&&).*/, ''),
      );
    }
    if (command === 'initrd') script.initrds.push(name);
  }
  return script;
}

/** The place of the first word that is no option; -1: there is none. */
const firstOperand = (words: readonly string[]): number =>
  words.findIndex((word, index) => !word.startsWith('-') && !valueOptions.has(words[index - 1] ?? ''));

/** The last part of a URL, without query and fragment. */
export function baseName(url: string | undefined): string | undefined {
  const name = url
    ?.replace(/[?#].*$/, '')
    .split('/')
    .at(-1);
  return name === undefined || name === '' || name === '..' || name === '.' || /[${}]/.test(name)
    ? undefined
    : name;
}
