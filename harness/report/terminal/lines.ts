/** The lines of the live view that stay: what begins, what ends. */
import path from 'node:path';
import type { AcceleratorReport, CellOutcome, CheckResult, EventOf, Verdict } from '../../events.ts';
import { lineForTerminal } from './clean.ts';
import type { CellState } from '../record/record.ts';
import { hasMachine, lastAttempt } from '../record/record.ts';
import type { Colours } from './terminal.ts';
import { verdictColour } from './terminal.ts';

const words = {
  passed: 'PASS',
  failed: 'FAIL',
  error: 'ERROR',
  skipped: 'SKIP',
  flaky: 'FLAKY',
  known: 'KNOWN',
} as const;

export const verdictWord = (verdict: Verdict): string => words[verdict];

/** What boots, how many cells, and which accelerator with its reason. */
export function headerLines({
  version,
  contract,
  checks,
  cells,
  accelerator,
}: EventOf<'run-started'>): string[] {
  const skipped = cells.filter((cell) => cell.skip !== undefined).length;
  const amount = `${count(cells.length, 'cell')}${skipped > 0 ? `, ${skipped} of them skipped` : ''}`;
  return [
    `boot-matrix ${version}: ${amount}, contract ${lineForTerminal(contract)}${onlyChecks(checks)}`,
    ...Object.entries(accelerator).map(([arch, report]) => `${arch}: ${acceleratorText(report)}`),
  ];
}

/** What a run says that was asked for some checks only. */
export const onlyChecks = (checks: readonly string[] | undefined): string =>
  checks === undefined ? '' : `, only ${checks.map((name) => lineForTerminal(name)).join(' ')} of its checks`;

function acceleratorText({ name, reason, slowness }: AcceleratorReport): string {
  const speed = slowness > 1.05 ? `, ${slowness.toFixed(1)} times slower than the reference machine` : '';
  return `${name}${speed} (${lineForTerminal(reason).replace(/\.$/, '')})`;
}

/** `PASS qemu.x86_64.bios.disk 48.2 s serial  autologin sshd flakes keyboard`, or with the reason. */
export function finishedLine(
  state: CellState,
  event: EventOf<'cell-finished' | 'attempt-finished'>,
  colours: Colours,
): string {
  const { verdict, seconds, access } = event;
  const word = event.type === 'attempt-finished' ? 'RETRY' : verdictWord(verdict);
  const paint = verdictColour(colours, verdict);
  const way = hasMachine(state) ? [access ?? 'no access'] : [];
  const time = verdict === 'skipped' ? [] : [duration(seconds), ...way];
  const start = [paint(colours.bold(word)), lineForTerminal(event.cell), ...time].join(' ');
  const rest = verdict === 'passed' ? checkNames(state) : lineForTerminal(reasonOf(state, event));
  return `${start}  ${rest}`.trimEnd();
}

/** Why it did not pass, with what a second boot told of it. */
function reasonOf(state: CellState, { reason }: Pick<CellOutcome, 'reason'>): string {
  const explanation = lastAttempt(state)?.explanation ?? null;
  return explanation === null ? reason : `${reason}; ${explanation.sentence}`;
}

const checkNames = (state: CellState): string =>
  (lastAttempt(state)?.checks ?? []).map((check) => lineForTerminal(checkName(check))).join(' ');

const checkName = ({ name, verdict }: CheckResult): string =>
  verdict === 'passed' ? name : `${name}:${verdict}`;

/** `OPEN nixos.ova 40 %`, and `OPENED nixos.ova 12.3 s`. */
export function archiveLine(event: EventOf<'archive-opening' | 'archive-opened'>): string {
  const name = lineForTerminal(path.basename(event.path));
  if (event.type === 'archive-opening') return `OPEN ${name} ${percent(event.share)}`;
  if (event.reason !== undefined) return `REFUSED ${name}  ${lineForTerminal(event.reason)}`;
  return `OPENED ${name} ${event.cached ? 'from the cache' : duration(event.seconds)}`;
}

export const percent = (share: number): string => `${Math.floor(share * 100)} %`;

export const noticeLine = ({ level, text }: EventOf<'notice'>, colours: Colours): string =>
  `${{ info: colours.cyan, warning: colours.yellow, error: colours.red }[level](level)}: ${lineForTerminal(text)}`;

/** `info: machines at once from here on: 2 of 3, as many as this host is seen to carry`. */
export function machinesLine({ machines, jobs }: EventOf<'machines-at-once'>, colours: Colours): string {
  const text = `machines at once from here on: ${machines} of ${jobs}, as many as this host is seen to carry`;
  return `${colours.cyan('info')}: ${text}`;
}

/** `48.2 s`, `4 min 12 s`. */
export function duration(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** `1 cell`, `9 cells`. */
export const count = (amount: number, noun: string): string => `${amount} ${noun}${amount === 1 ? '' : 's'}`;
