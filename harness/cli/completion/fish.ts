import type { Words } from './words.ts';

const quote = (text: string): string => `'${text.replace(/[\\']/g, String.raw`\$&`)}'`;

/** A completion for fish 3 and newer. */
export function fish({ commands, options }: Words): string {
  const first = "-n '__fish_is_first_token'";
  const lines = commands.flatMap(({ name, summary, words }) => [
    `complete -c boot-matrix ${first} -a ${name} -d ${quote(summary)}`,
    ...(words ?? []).map(
      (word) => `complete -c boot-matrix -n '__fish_seen_subcommand_from ${name}' -a ${quote(word)}`,
    ),
  ]);
  const own = commands.flatMap(({ name, words }) => (words === undefined ? [] : [name]));
  const others = `-n 'not __fish_seen_subcommand_from ${own.join(' ')}'`;
  for (const { flags, summary, takesValue, values } of options) {
    const names = flags.map((flag) =>
      flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`,
    );
    const value = takesValue ? [values.length > 0 ? `-x -a ${quote(values.join(' '))}` : '-r'] : [];
    lines.push(['complete -c boot-matrix', others, ...names, ...value, '-d', quote(summary)].join(' '));
  }
  return `# boot-matrix completion fish\n${lines.join('\n')}\n`;
}
