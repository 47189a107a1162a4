import { join } from 'node:path';
import { GuestError } from '../errors.ts';
import type { Emit, Explanation, Phase } from '../events.ts';
import { how } from './access/ladder.ts';
import { type Sign, saidBy } from './access/no-way-in.ts';
import { describeError } from './fault.ts';

type ExplainingRung = Explanation['rung'];

/** How a kernel is told to speak, the way that keeps the image's bootloader first. */
const explainingRungs: readonly ExplainingRung[] = ['menu', 'kernel'];
/** Codes of boots that could not be made so. */
const notMade: ReadonlySet<string> = new Set(['no-boot-menu', 'no-kernel']);

/** How a second boot ended: by a sign that it was done, or by an error. */
export type SecondBoot = { phase: Phase | null } & ({ sign: Sign } | { error: unknown });

export interface Explain {
  /** The cell's id. */
  cell: string;
  emit: Emit;
  signal: AbortSignal;
  /** Boots the cell by a rung, its files in this directory of the cell's own; does not reject. */
  boot: (rung: ExplainingRung, place: { emit: Emit; below: string }) => Promise<SecondBoot>;
}

/** Where a second boot's files are in the cell's directory. */
const directory = 'explanation';

/**
 * Boots a cell that failed without a word of why once more with its kernel told to speak on serial. What comes of it is
 * told as an explanation: it changes no verdict, whatever it is. Does not reject.
 */
export async function explain({ cell, emit, signal, boot }: Explain): Promise<void> {
  emit({
    type: 'notice',
    level: 'info',
    text: `${cell}: nothing said why it failed; it is booted once more with its kernel told to speak on serial, for the reason alone`,
  });
  const place = { emit: ofSecondBoot(emit), below: directory };
  const inVain: string[] = [];
  for (const rung of explainingRungs) {
    const began = performance.now();
    const ended = await boot(rung, place);
    if (signal.aborted) return;
    const told = tell(rung, ended);
    if (told !== null) {
      const seconds = (performance.now() - began) / 1000;
      const { phase } = ended;
      emit({
        type: 'explanation',
        cell,
        rung,
        ...told,
        phase,
        seconds,
        directory: join('cells', cell, directory),
      });
      return;
    }
    inVain.push('error' in ended ? describeError(ended.error).reason : '');
  }
  const text = `${cell}: why it failed could not be found out by a second boot: ${inVain.join('; ')}`;
  emit({ type: 'notice', level: 'info', text });
}

/** What a second boot tells of the first; null where it was not the guest that ended it, or its kernel was not told to speak. */
function tell(
  rung: ExplainingRung,
  ended: SecondBoot,
): Pick<Explanation, 'outcome' | 'sentence' | 'evidence'> | null {
  const what = `a second boot, ${how[rung]}`;
  if ('sign' in ended)
    return { outcome: 'no-failure', sentence: `${what}, did not fail: ${saidBy[ended.sign]}` };
  const { error } = ended;
  if (!(error instanceof GuestError) || notMade.has(error.code)) return null;
  const { evidence, message, unexplained } = error;
  const seen = evidence === undefined ? {} : { evidence };
  if (unexplained)
    return { outcome: 'unexplained', sentence: `${what}, did not say why either: ${message}`, ...seen };
  return { outcome: 'explained', sentence: `explained by ${what}: ${message}`, ...seen };
}

/** What else a second boot tells is no part of the record of the first: only its files are, and what a person must see. */
function ofSecondBoot(emit: Emit): Emit {
  return (event) => {
    if (event.type === 'notice') emit(event);
    if (event.type !== 'attachment') return;
    const isLog = event.name === 'serial log';
    emit({ ...event, name: `${event.name} of the second boot`, ...(isLog ? {} : { detail: true }) });
  };
}
