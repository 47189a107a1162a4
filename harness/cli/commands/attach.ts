import type { Socket } from 'node:net';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { socketOfRun } from '../../report/claim.ts';
import { forTerminal, lineForTerminal } from '../../report/terminal/clean.ts';
import { ask, openMonitor } from '../attach/connect.ts';
import { typeInto } from '../attach/keyboard.ts';
import { SafeOutput } from '../attach/safe-output.ts';
import { commandName } from '../called.ts';
import { exitCodes } from '../exit-code.ts';
import { valueOf } from '../options/option-values.ts';
import { readCommandLine } from '../options/read.ts';
import type { Context, Run } from './command.ts';

interface Parsed {
  monitor: boolean;
  out: string;
  write: boolean;
}

/**
 * Gets a person to a machine of a run that goes on: the console from power-on, live; with `--write` also what they type.
 * Without a cell it lists the machines. Ends when the machine does, or the person has enough.
 */
export const attach: Run = async (args, { interrupt, tell }) => {
  const program = new Command(`${commandName} attach`)
    .description('Shows the serial console of a machine of a run that goes on, from power-on and live.')
    .argument('[CELL]', 'the id of its cell, or a part of it; without one the machines are listed')
    .option(
      '--out <DIR>',
      "the run's output directory",
      valueOf('--out', 'the path of a directory'),
      'reports',
    )
    .option('--write', 'type, too: the cell then proves nothing, unless it is held; Ctrl-] leaves', false)
    .option('--monitor', "QEMU's own monitor in place of the console; it counts as --write", false)
    .addHelpText(
      'after',
      '\nWhat would change or question your terminal is left out of what a guest prints. With --write the\nother ways in (screen, SSH, monitor) are told as well.',
    );
  if (!readCommandLine(program, args)) return exitCodes.passed;
  const { monitor, out, write } = program.opts<Parsed>();
  const [cell] = program.args;
  const run = socketOfRun(resolve(out));
  if (cell === undefined) return list(run);
  if (monitor) {
    const { answer } = await ask(run, { want: 'monitor', cell });
    tell(`${answer.cell}: QEMU's monitor; help tells its commands, Ctrl-] leaves`);
    return converse(await openMonitor(answer.socket), { mayType: true, interrupt, tell });
  }
  const { answer, socket } = await ask(run, { want: 'console', cell, write });
  const state = answer.held ? 'did not pass and is held' : 'is being tested';
  const how = write ? 'what is typed goes to it; Ctrl-] leaves' : 'only to be looked at; Ctrl-C leaves';
  tell(`${answer.cell} ${state}; its serial console, ${how}`);
  for (const way of answer.ways) tell(forTerminal(way));
  return converse(socket, { mayType: write, interrupt, tell });
};

async function list(run: string): Promise<number> {
  const { answer } = await ask(run, { want: 'list' });
  const lines = answer.cells.map(({ id, held }) => `${lineForTerminal(id)}${held ? '  held' : ''}\n`);
  process.stdout.write(lines.join(''));
  return exitCodes.passed;
}

/** Shows what comes and sends what is typed, until the machine or the person ends it. */
async function converse(
  socket: Socket,
  { mayType, interrupt, tell }: Pick<Context, 'interrupt' | 'tell'> & { mayType: boolean },
): Promise<number> {
  const { stdout } = process;
  // Leaving is no interruption of ours, and nothing has to be stopped for it.
  interrupt.say = () => {};
  let hasLeft = false;
  const leave = (): void => {
    hasLeft = true;
    socket.destroy();
  };
  interrupt.signal.addEventListener('abort', leave);
  stdout.once('error', leave);
  const safe = new SafeOutput();
  socket.on('data', (data: Buffer) => {
    if (stdout.write(safe.push(data))) return;
    socket.pause();
    stdout.once('drain', () => socket.resume());
  });
  socket.on('error', () => {});
  socket.resume();
  const ended = new Promise((resolve) => socket.once('close', resolve));
  const giveBack = mayType ? typeInto(socket, leave) : () => {};
  await ended;
  giveBack();
  if (!hasLeft) tell('\nIts machine has ended.');
  return exitCodes.passed;
}
