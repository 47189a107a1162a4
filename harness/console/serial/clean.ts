import { StringDecoder } from 'node:string_decoder';
import { beginsBoot, findSplice } from './splice.ts';

/** An unfinished line is cut into pieces of this length, so that a flood without newlines stays bounded. */
export const maxLineLength = 4096;

const BEL = 0x07;
const BS = 0x08;
const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const CAN = 0x18;
const SUB = 0x1a;
const ESC = 0x1b;

/** Where in an escape sequence (ECMA-48) the next character belongs. */
type State = 'ground' | 'escape' | 'intermediate' | 'csi' | 'osc' | 'string' | 'string-escape';

/** Cursor movements to another row: what follows stands elsewhere on the screen, so it starts a line of its own. */
const rowMovements = new Set('ABEFHdf');

/**
 * Turns what a guest sends to its terminal into plain lines: UTF-8 decoded, escape sequences and control characters
 * gone, `\r\n` (and the `\r\r\n` that a pty makes of it) one newline, erased characters erased. A message that tore a
 * line comes as a line of its own, before the line that it tore.
 * Streaming: how the bytes are cut into chunks makes no difference. The cost is linear.
 */
export class LineCleaner {
  /** How many lines have ended, not counting messages that tore one: tells whether `line` is still the same. */
  lines = 0;

  /** What was on the line when messages tore it, and what came since. */
  #torn = '';
  #rest = '';
  readonly #decoder = new StringDecoder('utf8');
  #state: State = 'ground';
  /** A `\r` has ended the line already: the `\n` that belongs to it adds nothing. */
  #returned = false;
  /** Characters of a Linux palette sequence (`ESC ] P nrrggbb`) that are still to come; it has no terminator. */
  #palette = 0;
  #oscLength = 0;

  /** The line that is not finished yet. */
  get line(): string {
    return this.#torn + this.#rest;
  }

  /** Takes the next bytes; returns the text that they finished, normally whole lines each with its `\n`. */
  push(data: Uint8Array): string {
    const text = this.#decoder.write(data);
    let finished = '';
    let at = 0;
    while (at < text.length) {
      if (this.#state === 'ground') {
        const end = endOfPlainText(text, at);
        if (end > at) {
          this.#rest += text.slice(at, end);
          this.#returned = false;
          at = end;
          finished += this.#cutFull();
          continue;
        }
      }
      finished += this.#step(text.charCodeAt(at), text[at] as string) + this.#cutFull();
      at += 1;
    }
    return finished;
  }

  #step(code: number, char: string): string {
    if (code === ESC) {
      this.#state = inString(this.#state) ? 'string-escape' : 'escape';
      return '';
    }
    if (code === CAN || code === SUB) {
      this.#state = 'ground';
      return '';
    }
    switch (this.#state) {
      case 'ground':
        return this.#control(code);
      case 'escape':
        return this.#escape(code, char);
      case 'string-escape':
        // `ESC \` ends the string; anything else is the start of another sequence.
        if (char === '\\') this.#state = 'ground';
        else return this.#escape(code, char);
        return '';
      case 'intermediate':
        if (code < 0x20) return this.#control(code);
        if (code > 0x2f) this.#state = 'ground';
        return '';
      case 'csi':
        return this.#csi(code, char);
      case 'osc':
        if (this.#palette > 0) {
          this.#palette -= 1;
          if (this.#palette === 0) this.#state = 'ground';
          return '';
        }
        this.#oscLength += 1;
        if (this.#oscLength === 1 && char === 'P') {
          this.#palette = 7;
          return '';
        }
        if (this.#oscLength === 1 && char === 'R') {
          this.#state = 'ground';
          return '';
        }
        return this.#string(code);
      case 'string':
        return this.#string(code);
    }
  }

  /** A lost terminator must not swallow the rest of the log: a line break ends the string, too. */
  #string(code: number): string {
    if (code === LF || code === CR) {
      this.#state = 'ground';
      return this.#control(code);
    }
    if (code === BEL || code === 0x9c) this.#state = 'ground';
    return '';
  }

  #escape(code: number, char: string): string {
    if (code < 0x20) return this.#control(code);
    if (char === '[') this.#state = 'csi';
    else if (char === ']') {
      this.#state = 'osc';
      this.#oscLength = 0;
      this.#palette = 0;
    } else if ('PX^_'.includes(char)) this.#state = 'string';
    else this.#state = code <= 0x2f ? 'intermediate' : 'ground';
    return '';
  }

  #csi(code: number, char: string): string {
    if (code < 0x20) return this.#control(code);
    if (code < 0x40) return '';
    this.#state = 'ground';
    if (rowMovements.has(char)) return this.#breakLine();
    if (char === 'C' && this.line !== '') this.#rest += ' ';
    return '';
  }

  #control(code: number): string {
    if (code === LF) {
      if (!this.#returned) return this.#endLine();
      this.#returned = false;
    } else if (code === CR) {
      const ended = this.#breakLine();
      if (ended !== '') this.#returned = true;
      return ended;
    } else if (code === BS) this.#erase();
    else if (code === TAB) {
      this.#rest += '\t';
      this.#returned = false;
    }
    return '';
  }

  #erase(): void {
    if (this.#rest === '') this.#torn = this.#torn.slice(0, -1);
    else this.#rest = this.#rest.slice(0, -1);
  }

  #breakLine(): string {
    return this.line === '' ? '' : this.#endLine();
  }

  #endLine(): string {
    const at = findSplice(this.#rest);
    if (at > 0 || (at === 0 && this.#torn !== '')) {
      const message = this.#rest.slice(at);
      this.#torn += this.#rest.slice(0, at);
      this.#rest = '';
      const before = beginsBoot(message) || this.#torn.length > maxLineLength ? this.#take() : '';
      return `${before}${message}\n`;
    }
    return this.#take();
  }

  #take(): string {
    const ended = `${this.line}\n`;
    this.#torn = '';
    this.#rest = '';
    this.lines += 1;
    return ended;
  }

  /** The pieces of an endless line that are full. */
  #cutFull(): string {
    if (this.#torn.length + this.#rest.length <= maxLineLength) return '';
    const line = this.line;
    const length = line.length - (line.length % maxLineLength || maxLineLength);
    this.#torn = '';
    this.#rest = line.slice(length);
    return line.slice(0, length);
  }
}

function inString(state: State): boolean {
  return state === 'osc' || state === 'string' || state === 'string-escape';
}

/** Index of the first C0, DEL or C1 character from `at` on. */
function endOfPlainText(text: string, at: number): number {
  let end = at;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code < 0x20 || (code > 0x7e && code < 0xa0)) break;
  }
  return end;
}
