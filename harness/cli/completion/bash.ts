import type { Words } from './words.ts';

/** A completion for bash 4 and newer; what it knows no word for is completed as the path of a file. */
export function bash({ commands, options }: Words): string {
  const flags = options.flatMap((option) => option.flags);
  const ofOption = options
    .filter(({ takesValue }) => takesValue)
    .map((option) => `    ${option.flags.join('|')}) words='${option.values.join(' ')}' ;;`);
  const ofCommand = commands.flatMap(({ name, words }) =>
    words === undefined ? [] : [`    ${name}) words='${words.join(' ')}' ;;`],
  );
  return `# boot-matrix completion bash
_boot_matrix() {
  local current=\${COMP_WORDS[COMP_CWORD]} words='${flags.join(' ')}'
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${commands.map(({ name }) => name).join(' ')} $words"
  fi
  case \${COMP_WORDS[1]} in
${ofCommand.join('\n')}
  esac
  case \${COMP_WORDS[COMP_CWORD-1]} in
${ofOption.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _boot_matrix boot-matrix
`;
}
