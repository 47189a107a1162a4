import { quote } from '../../shell-quote.ts';
import { commandResult, type CommandResult } from './shell.ts';

/**
 * The command line by which a login by SSH runs a POSIX shell script, whatever the login shell is. What a login prints before
 * and after (a greeting in `.bashrc`, sshrc of sshd(8)) stands outside of the frame.
 * @param mark letters that no output holds by chance
 */
export const inFrame = (mark: string, script: string): string =>
  `exec sh -c ${quote(`printf "\\n%s\\n" ${mark}; ${script}; printf "\\n%s %s\\n" ${mark} $?`)}`;

/** The most bytes that the frame adds to the output. */
export const frameBytes = 128;

/** Finds the script's output and its status in what came back; null where the frame is not whole. */
export function readFrame(stdout: Uint8Array, mark: string): CommandResult | null {
  const answer = Buffer.from(stdout.buffer, stdout.byteOffset, stdout.length);
  const begin = `\n${mark}\n`;
  const from = answer.indexOf(begin);
  const to = answer.lastIndexOf(`\n${mark} `);
  const status = /^\d{1,3}(?=\n)/.exec(answer.subarray(to + mark.length + 2).toString('latin1'));
  if (from === -1 || to === -1 || status === null) return null;
  return commandResult(Number(status[0]), answer.subarray(from + begin.length, to));
}
