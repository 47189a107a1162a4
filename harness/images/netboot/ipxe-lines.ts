/** Options of iPXE's commands that take a value (https://ipxe.org/cmd). */
const valueOptions = new Set(['-n', '--name', '-t', '--timeout']);

/** What settings may add to a script at most, characters: `set a ${a}${a}` doubles with each line. */
const maxExpansion = 1 << 20;
/** What one word may become at most. */
const maxCandidates = 32;

/** What stands between commands on a line (iPXE, src/core/exec.c). */
const separators = new Set(['&&', '||', ';']);

/** What iPXE itself knows, for the machines that there are: its build's architecture and platform. */
const builtIn: Record<string, readonly string[]> = {
  buildarch: ['x86_64', 'arm64', 'i386'],
  platform: ['efi', 'pcbios'],
};

/** A line of a script. */
export interface IpxeLine {
  /** As it stands there, with its continuation lines. */
  source: string;
  commands: IpxeCommand[];
}

export interface IpxeCommand {
  /** Empty for an empty line. */
  name: string;
  /** What follows, with the settings expanded that the script itself makes. */
  words: string[];
  /** The place of the first word that is no option; -1: there is none. */
  operand: number;
  /** That word before its settings were expanded; undefined where they make it several words, or where there is none. */
  written: string | undefined;
  /** All that the word may become, by what settings may be on one machine or another. */
  candidates: string[];
}

/** The lines of an iPXE script; joined by newlines, their sources are the script. Branches are not followed. */
export function ipxeLines(text: string): IpxeLine[] {
  const settings = new Settings();
  return text.split(/(?<!\\\r?)\n/).map((source) => {
    const tokens = source
      .replaceAll(/\\\r?\n/g, ' ')
      .trim()
      .split(/\s+/)
      .flatMap((written) => {
        const words = settings.expand(written).split(/\s+/).filter(Boolean);
        return words.map((word) => ({ word, written: words.length === 1 ? written : undefined }));
      });
    const commands: IpxeCommand[] = [];
    for (let rest = tokens; rest.length > 0;) {
      const end = rest.findIndex(({ word }) => separators.has(word));
      const own = end === -1 ? rest : rest.slice(0, end);
      rest = end === -1 ? [] : rest.slice(end + 1);
      const [name = '', ...words] = own.map(({ word }) => word);
      const operand = firstOperand(words);
      const written = operand === -1 ? undefined : own[operand + 1]?.written;
      const candidates =
        written === undefined ? words.slice(operand, operand + 1) : settings.candidates(written);
      if (name === 'set' && words[0] !== undefined)
        settings.set(words[0].replace(/:\w+$/, ''), words.slice(1).join(' '), commands.length > 0);
      commands.push({ name, words, operand, written, candidates: operand === -1 ? [] : candidates });
    }
    return { source, commands };
  });
}

/** The place of the first word that is no option; -1: there is none. */
const firstOperand = (words: readonly string[]): number =>
  words.findIndex((word, index) => !word.startsWith('-') && !valueOptions.has(words[index - 1] ?? ''));

/** `${name}` or `${name:type}`. */
const reference = /\$\{([^${}:]+)(?::\w+)?\}/;

/** The settings that a script makes. */
class Settings {
  readonly #values = new Map<string, string[]>();
  #left = maxExpansion;

  /** @param isConditional it depends on the command before: the setting may be this, or what it is. */
  set(name: string, value: string, isConditional: boolean): void {
    this.#values.set(name, isConditional ? [value, ...(this.#values.get(name) ?? [])] : [value]);
  }

  /** A word with what was set last. */
  expand(word: string): string {
    return word.replaceAll(new RegExp(reference, 'g'), (whole, name: string) => {
      const value = this.#values.get(name)?.[0];
      return value !== undefined && this.#takes(value.length) ? value : whole;
    });
  }

  /** All that a word may become. */
  candidates(word: string): string[] {
    const found: string[] = [];
    const open = [word];
    while (open.length > 0 && found.length < maxCandidates) {
      const next = open.shift() ?? '';
      const [whole, name = ''] = reference.exec(next) ?? [];
      const values = whole === undefined ? [] : (this.#values.get(name) ?? builtIn[name] ?? []);
      const expanded = values
        .slice(0, maxCandidates)
        .filter((value) => this.#takes(next.length + value.length))
        .map((value) => next.replace(whole ?? '', () => value));
      if (expanded.length > 0) open.push(...expanded);
      else found.push(next);
    }
    return [...new Set(found)];
  }

  #takes(length: number): boolean {
    if (length > this.#left) return false;
    this.#left -= length;
    return true;
  }
}
