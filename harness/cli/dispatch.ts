import { commands } from './commands/index.ts';
import { exitCodes } from './exit-code.ts';
import { describeFailure } from './failure.ts';
import { Interrupt } from './interrupt.ts';
import { forTerminal } from '../report/terminal/clean.ts';

/** Runs the command that is named first, or `test`. Resolves to the exit code; what goes wrong is printed, not thrown. */
export async function main(typed: readonly string[]): Promise<number> {
  // Names of files may hold what a terminal takes for commands.
  const tell = (line: string): void => void process.stderr.write(`${forTerminal(line)}\n`);
  const interrupt = new Interrupt(tell);
  // A reader that goes away (`… --list | head`) is no defect of ours.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => {});
  // pnpm hands its own separator on: `pnpm test:boot -- --list`.
  const args = typed[0] === '--' ? typed.slice(1) : typed;
  const [name = ''] = args;
  try {
    const named = Object.hasOwn(commands, name) ? commands[name] : undefined;
    const run = await (named ?? commands['test'])?.load();
    if (run === undefined) throw new Error('the table of commands lacks test');
    return await run(named === undefined ? args : args.slice(1), { typed, interrupt, tell });
  } catch (error) {
    // It was told when it happened.
    if (interrupt.crash !== undefined) return exitCodes.host;
    if (interrupt.signal.aborted) return exitCodes.interrupted;
    const { text, exitCode } = describeFailure(error);
    tell(text);
    return exitCode;
  } finally {
    interrupt.release();
  }
}
