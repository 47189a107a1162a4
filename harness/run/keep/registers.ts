import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { askMonitor } from '../../machine/sockets/hmp.ts';
import type { Machine } from '../../machine/machine.ts';
import type { CellArtefacts } from './artefacts.ts';
import { describeSamples, readProcessors } from '../watch/processors.ts';

/** Enough to tell a loop from a wait, in a moment that nobody notices. */
const samples = 8;
const betweenMilliseconds = 20;
/** How many words of the stack are kept: where the first calls came from. */
const stackWords = 64;

/** Writes down what the processors of a machine that does not get on are doing, and where the first one's calls came from. */
export async function keepRegisters(
  machine: Machine,
  artefacts: Pick<CellArtefacts, 'path' | 'attach'>,
): Promise<void> {
  const ask = (line: string): Promise<string> => askMonitor((...call) => machine.qmp(...call), line);
  const seen: string[] = [];
  for (let i = 0; i < samples; i += 1) {
    if (i > 0) await sleep(betweenMilliseconds);
    // TCG writes the program counter down only where it leaves what it has translated.
    await machine.qmp('stop');
    seen.push(await ask('info registers -a'));
    await machine.qmp('cont');
  }
  const stack = /\b[ER]?SP=([0-9a-f]+)/.exec(seen.at(-1) ?? '')?.[1];
  const words = stack === undefined ? '' : await ask(`x /${stackWords}gx 0x${stack}`);
  const file = 'registers.txt';
  await writeFile(artefacts.path(file), `${seen.join('\n')}\n${words}`);
  const first = seen.flatMap((text) => readProcessors(text).slice(0, 1));
  artefacts.attach('registers', file, first.length === 0 ? {} : { shows: describeSamples(first) });
}
