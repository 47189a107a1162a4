import { StringDecoder } from 'node:string_decoder';

/**
 * Final bytes of CSI sequences that only draw (ECMA-48, xterm's ctlseqs): cursor movements, erasing, inserting and deleting,
 * scrolling, colours, the scrolling region, saving and restoring the cursor. None makes a terminal answer.
 */
const drawing = new Set('@ABCDEFGHIJKLMPSTXZ`abdefgmrsu');
/** Modes that a guest may set: cursor keys, wrap, the cursor shown, the other screen, bracketed paste, insert. */
const modes = new Set(['?1', '?7', '?25', '?47', '?1047', '?1048', '?1049', '?2004', '4']);
/** Escapes of two characters: save and restore the cursor, keypad, line movements, tab stop. */
const escapes = new Set('78=>DEHM');
/** Character sets are designated by `ESC (` and the like, with one more character. */
const designators = new Set('()*+');

/** Of C0 what a console prints: bell, backspace, tab, line feeds, carriage return, shifts of the character set. */
const printed = new Set('\x07\b\t\n\v\f\r\x0E\x0F');
/** A sequence that is longer is none. */
const longest = 64;

type State = 'ground' | 'escape' | 'designator' | 'other' | 'csi' | 'string' | 'string-escape';

/**
 * A guest's console for the terminal of whoever looks: text, and what draws. What would do something to that terminal, or
 * have it answer into the guest (titles, the clipboard, its reports, printing, its modes), is left out, wherever the bytes
 * are cut.
 */
export class SafeOutput {
  readonly #decoder = new StringDecoder('utf8');
  #state: State = 'ground';
  #sequence = '';

  push(data: Uint8Array): string {
    let safe = '';
    for (const char of this.#decoder.write(data)) safe += this.#step(char);
    return safe;
  }

  #step(char: string): string {
    if (char === '\x18' || char === '\x1A') return this.#to('ground');
    if (char === '\x1B') {
      const isInString = this.#state === 'string' || this.#state === 'string-escape';
      return this.#to(isInString ? 'string-escape' : 'escape', char);
    }
    switch (this.#state) {
      case 'ground':
        return isText(char) || printed.has(char) ? char : '';
      case 'escape':
        return this.#escape(char);
      case 'designator':
        return this.#end(`${this.#sequence}${char}`, char >= '0' && char <= '~');
      case 'other':
        return char >= '0' ? this.#to('ground') : '';
      case 'csi':
        return this.#csi(char);
      case 'string':
        // A lost terminator must not swallow the rest: a line break ends it, too.
        if (char === '\n' || char === '\r') return this.#end(char, true);
        return char === '\x07' || char === '\x9C' ? this.#to('ground') : '';
      case 'string-escape':
        return char === '\\' ? this.#to('ground') : this.#escape(char);
    }
  }

  #escape(char: string): string {
    if (char === '[') return this.#to('csi', '\x1B[');
    if ('PX]^_'.includes(char)) return this.#to('string');
    if (designators.has(char)) return this.#to('designator', `\x1B${char}`);
    if (char >= ' ' && char <= '/') return this.#to('other');
    return this.#end(`\x1B${char}`, escapes.has(char));
  }

  #csi(char: string): string {
    // Controls inside of a sequence are carried out as if they stood before it.
    if (char < ' ') return printed.has(char) ? char : '';
    this.#sequence += char;
    if (char < '@' && this.#sequence.length < longest) return '';
    return this.#end(this.#sequence, isDrawing(this.#sequence.slice(2, -1), char));
  }

  #to(state: State, sequence = ''): string {
    this.#state = state;
    this.#sequence = sequence;
    return '';
  }

  #end(sequence: string, isSafe: boolean): string {
    this.#to('ground');
    return isSafe ? sequence : '';
  }
}

function isDrawing(parameters: string, final: string): boolean {
  if (final === 'h' || final === 'l') {
    const isPrivate = parameters.startsWith('?');
    const numbers = (isPrivate ? parameters.slice(1) : parameters).split(';');
    return numbers.every((number) => modes.has(isPrivate ? `?${number}` : number));
  }
  return drawing.has(final) && /^[\d;:]*$/.test(parameters);
}

/** C1 controls are sequences, too, to some terminals. */
const isText = (char: string): boolean =>
  char >= ' ' && char !== '\x7F' && !(char >= '\x80' && char <= '\x9F');
