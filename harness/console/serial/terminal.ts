import xterm from '@xterm/headless';
import type { ScreenText } from '../screen/screen-text.ts';

/**
 * Wide, so that status lines are not cut and shells seldom wrap; systemd gives its gettys the size that is answered.
 */
export const terminalSize = { columns: 160, rows: 48 } as const;
const { columns, rows } = terminalSize;

/** What systemd takes for a serial line whose terminal does not tell its name. */
const terminalName = 'vt220';
/** 16 bits a channel, as OSC 10 and 11 answer: light grey on black. */
const colours: Record<number, string> = { 10: 'rgb:c0c0/c0c0/c0c0', 11: 'rgb:0000/0000/0000' };

/** What waits to be taken in; a guest that floods its console has no use for an answer. */
const longestBacklog = 1024 * 1024;
/** What is answered in all: a guest that asks without end, and reads nothing, must not fill its line and our memory. */
const longestAnswers = 32 * 1024;
/** How far apart strings are broken off that may never end: the model keeps what is in them, whatever its length. */
const longestString = 64 * 1024;

/** So long after the last escape sequence a question cannot be under way any more. */
const longestQuestion = 4096;
/** Of text without questions only the end decides where the cursor stands: more than a screen full. */
const screenBytes = 2 * columns * rows;

const LF = 0x0a;
const CAN = 0x18;
const ESC = 0x1b;

const hex = (text: string): string => Buffer.from(text).toString('hex').toUpperCase();

/** How systemd asks for the terminal's name (src/basic/terminal-util.c): 258 in termcap's word, later ones in terminfo's. */
const nameQueries = new Set([hex('TN'), hex('name')]);

/**
 * The terminal at the other end of the guest's console: a model of its screen that answers what systemd, shells and
 * bootloaders ask of a terminal (size by cursor position, identity, modes, colours), so that none waits in vain.
 */
export class Terminal {
  readonly #terminal: xterm.Terminal;
  #backlog = 0;
  #answered = 0;
  #sinceBreak = 0;
  #sinceEscape = 0;
  /** Text that the model is told once it can matter: telling it costs more than all else that is done with it. */
  #untold: Uint8Array = new Uint8Array();

  /** @param send gets the answers, for the serial port */
  constructor(send: (answer: string) => void) {
    const reply = (answer: string): void => {
      this.#answered += answer.length;
      if (this.#answered <= longestAnswers) send(answer);
    };
    this.#terminal = new xterm.Terminal({
      cols: columns,
      rows,
      scrollback: 0,
      allowProposedApi: true,
      logLevel: 'off',
      windowOptions: { getWinSizeChars: true },
    });
    this.#terminal.onData(reply);
    const { parser } = this.#terminal;
    // XTGETTCAP `DCS + q … ST`: the terminal's name is all that is asked for.
    parser.registerDcsHandler({ intermediates: '+', final: 'q' }, (names) => {
      const answer = nameQueries.has(names.toUpperCase()) ? `1+r${names}=${hex(terminalName)}` : `0+r`;
      reply(`\x1bP${answer}\x1b\\`);
      return true;
    });
    // xterm does each of these as often as it is told to, up to 2^31 times: what is more than the screen has is ignored.
    for (const final of 'ILMSTZb') {
      parser.registerCsiHandler({ final }, ([count]) => Number(count) > columns);
    }
    // It keeps something for each link, and nobody here follows one.
    parser.registerOscHandler(8, () => true);
    for (const [code, colour] of Object.entries(colours)) {
      parser.registerOscHandler(Number(code), (data) => {
        if (data === '?') reply(`\x1b]${code};${colour}\x1b\\`);
        return true;
      });
    }
  }

  /** What stands on it, a moment late. */
  get screen(): ScreenText {
    this.#tell(this.#untold);
    this.#untold = new Uint8Array();
    const { active } = this.#terminal.buffer;
    const lines = Array.from({ length: rows }, (_, row) => active.getLine(active.baseY + row));
    return {
      rows: lines.map((line) => line?.translateToString(true).trimEnd() ?? ''),
      cursor: { row: active.cursorY, column: active.cursorX },
    };
  }

  /** Takes the next bytes from the console. */
  write(data: Uint8Array): void {
    const escape = data.lastIndexOf(ESC);
    this.#sinceEscape = escape === -1 ? this.#sinceEscape + data.length : data.length - escape;
    if (escape === -1 && this.#sinceEscape > longestQuestion) {
      this.#untold = Buffer.concat([this.#untold, data]).subarray(-screenBytes);
      return;
    }
    if (this.#backlog > longestBacklog) return;
    this.#tell(this.#untold);
    this.#untold = new Uint8Array();
    this.#tell(data);
  }

  #tell(data: Uint8Array): void {
    this.#sinceBreak += data.length;
    // Nobody asks a question across lines.
    const at = this.#sinceBreak > longestString ? data.indexOf(LF) : -1;
    if (at !== -1 || this.#sinceBreak > 2 * longestString) {
      this.#take(data.subarray(0, Math.max(0, at)));
      this.#take(Uint8Array.of(CAN));
      this.#sinceBreak = 0;
      this.#take(data.subarray(Math.max(0, at)));
    } else this.#take(data);
  }

  #take(data: Uint8Array): void {
    const text = asciiOf(data);
    this.#backlog += text.length;
    this.#terminal.write(text, () => {
      this.#backlog -= text.length;
    });
  }
}

/**
 * One byte a character: what is asked of a terminal is ASCII, and accents without end on one letter would be kept
 * without end.
 */
function asciiOf(data: Uint8Array): Uint8Array {
  const text = new Uint8Array(data.length);
  let length = 0;
  for (const byte of data) {
    if (byte >= 0x80 && byte < 0xc0) continue;
    text[length] = byte < 0x80 ? byte : 0x3f;
    length += 1;
  }
  return text.subarray(0, length);
}
