import { bash } from './bash.ts';
import type { Words } from './words.ts';

/** zsh reads bash's completions by a module of its own (zshcompsys(1), bashcompinit). */
export const zsh = (words: Words): string => `# boot-matrix completion zsh
autoload -Uz compinit bashcompinit
(( $+functions[compdef] )) || compinit
bashcompinit
${bash(words)}`;
