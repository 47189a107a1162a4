import { didYouMean } from '../../did-you-mean.ts';
import { UsageError } from '../../errors.ts';
import { bash } from '../completion/bash.ts';
import { fish } from '../completion/fish.ts';
import { type Words, wordsOf } from '../completion/words.ts';
import { zsh } from '../completion/zsh.ts';
import { exitCodes } from '../exit-code.ts';
import type { Run } from './command.ts';

const shells: Readonly<Record<string, (words: Words) => string>> = { bash, zsh, fish };

/** Prints what a shell is to be told, e.g. `boot-matrix completion bash > /etc/bash_completion.d/boot-matrix`. */
export const completion: Run = async ([shell = '', ...more]) => {
  const script = Object.hasOwn(shells, shell) ? shells[shell] : undefined;
  if (script === undefined || more.length > 0) {
    const names = Object.keys(shells);
    throw new UsageError(
      'bad-usage',
      `completion takes one shell of ${names.join(', ')}; got '${[shell, ...more].join(' ')}'${didYouMean(shell, names)}.`,
    );
  }
  process.stdout.write(script(wordsOf()));
  return exitCodes.passed;
};
