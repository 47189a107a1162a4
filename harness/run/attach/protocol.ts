/** What a person's command says to a run, over the run's socket: one line of JSON, answered by one. */

export type Request =
  /** Which machines are up. */
  | { want: 'list' }
  /** The serial console of a cell's machine, from power-on: its bytes follow the answer. With `write` those that come are typed. */
  | { want: 'console'; cell: string; write: boolean }
  /** Where QEMU's own monitor answers. */
  | { want: 'monitor'; cell: string };

/** A machine that is up. */
export interface UpCell {
  id: string;
  /** It has not passed, and is kept for a person. */
  held: boolean;
}

export type Answer =
  | { ok: true; want: 'list'; cells: UpCell[] }
  /** `ways` are lines for a shell, of one who may type. */
  | { ok: true; want: 'console'; cell: string; held: boolean; ways: string[] }
  | { ok: true; want: 'monitor'; cell: string; socket: string }
  /** One sentence: what was expected, what was got, what to do. */
  | { ok: false; code: string; message: string };

/** A request in one line. */
export const requestLine = (request: Request): string => `${JSON.stringify(request)}\n`;
export const answerLine = (answer: Answer): string => `${JSON.stringify(answer)}\n`;

/** Reads a request; undefined for anything else. */
export function parseRequest(line: string): Request | undefined {
  try {
    const { want, cell, write } = JSON.parse(line) as Record<string, unknown>;
    if (want === 'list') return { want };
    if (typeof cell !== 'string') return undefined;
    if (want === 'console') return { want, cell, write: write === true };
    return want === 'monitor' ? { want, cell } : undefined;
  } catch {
    return undefined;
  }
}
