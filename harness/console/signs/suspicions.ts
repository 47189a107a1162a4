import type { Found } from './recognise.ts';
import type { SuspiciousSign } from './sign.ts';

/** What is told of one kind of sign at most: the first is the cause, the rest often its consequences. */
const details = 4;
/** Of how many kinds, where nothing says which one matters. */
const kinds = 3;
/** How much of a guest's line belongs into a reason. */
const detailLength = 160;

interface Kept {
  sign: SuspiciousSign;
  details: string[];
  /** How many were not kept. */
  more: number;
}

/** What went wrong in a boot without ending it, in the order in which it was first seen. Bounded. */
export class Suspicions {
  readonly #kept = new Map<string, Kept>();

  add({ sign, detail }: Found<SuspiciousSign>): void {
    const text = detail.length > detailLength ? `${detail.slice(0, detailLength)}…` : detail;
    const kept = this.#kept.get(sign.code);
    if (kept === undefined || sign.latest === true)
      this.#kept.set(sign.code, { sign, details: [text], more: 0 });
    else if (kept.details.includes(text)) return;
    else if (kept.details.length === details) kept.more += 1;
    else kept.details.push(text);
  }

  /** Forgets what this line says to be over. */
  settle(line: string): void {
    for (const [code, { sign, details }] of this.#kept) {
      if (sign.over?.test(line) && details.some((detail) => names(line, detail))) this.#kept.delete(code);
    }
  }

  /** Forgets those for which this is true. */
  forget(isPast: (sign: SuspiciousSign) => boolean): void {
    for (const [code, { sign }] of this.#kept) if (isPast(sign)) this.#kept.delete(code);
  }

  /** Whether something ran out by the clock. */
  get byClock(): boolean {
    return [...this.#kept.values()].some(({ sign }) => sign.byClock === true);
  }

  /** One clause for each of these kinds that was seen, in this order. */
  explain(codes: readonly string[]): string[] {
    return clausesOf(codes.flatMap((code) => this.#kept.get(code) ?? []));
  }

  /** One clause for each kind, the latest kinds. */
  clauses(): string[] {
    const bad = [...this.#kept.values()].filter(({ sign }) => sign.explainsOnly !== true);
    return clausesOf(bad).slice(-kinds);
  }
}

/** Of a name that a narrow console cut, so much tells it from others. */
const leastOfAName = 8;

/** Whether a line names this, as far as a narrow console has left either of them: systemd puts `…` in the middle. */
function names(line: string, detail: string): boolean {
  const [head = ''] = detail.split('…');
  if (line.includes(head)) return true;
  const [, cut = ''] = /(\S+)…/.exec(line) ?? [];
  return cut.length >= leastOfAName && head.startsWith(cut);
}

function clausesOf(kept: Kept[]): string[] {
  const causes = kept.filter(({ sign }) => sign.consequence !== true);
  const isExplained = causes.some(({ sign }) => sign.explainsOnly !== true);
  return (isExplained ? causes : kept).map(clauseOf);
}

function clauseOf({ sign, details, more }: Kept): string {
  const list = `${details.join(', ')}${more === 0 ? '' : ` and ${more} more`}`;
  return sign.clause.replace('$1', () => list);
}
