import xterm from '@xterm/headless';

/**
 * Wide, so that status lines are not cut and shells seldom wrap; systemd gives its gettys the size that is answered.
 */
const columns = 160;
const rows = 48;

/** What systemd takes for a serial line whose terminal does not tell its name. */
const terminalName = 'vt220';
/** 16 bits a channel, as OSC 10 and 11 answer: light grey on black. */
const colours: Record<number, string> = { 10: 'rgb:c0c0/c0c0/c0c0', 11: 'rgb:0000/0000/0000' };

const hex = (text: string): string => Buffer.from(text).toString('hex').toUpperCase();

/**
 * The terminal at the other end of the guest's console: a model of its screen that answers what systemd, shells and
 * bootloaders ask of a terminal (size by cursor position, identity, modes, colours), so that none waits in vain.
 */
export class Terminal {
  readonly #terminal: xterm.Terminal;

  /** @param reply gets the answers, for the serial port */
  constructor(reply: (answer: string) => void) {
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
    // XTGETTCAP `DCS + q 544E ST`, systemd 258 (src/basic/terminal-util.c): the terminal's name is all that is asked for.
    parser.registerDcsHandler({ intermediates: '+', final: 'q' }, (names) => {
      const answer = names.toUpperCase() === hex('TN') ? `1+r${names}=${hex(terminalName)}` : `0+r`;
      reply(`\x1bP${answer}\x1b\\`);
      return true;
    });
    for (const [code, colour] of Object.entries(colours)) {
      parser.registerOscHandler(Number(code), (data) => {
        if (data === '?') reply(`\x1b]${code};${colour}\x1b\\`);
        return true;
      });
    }
  }

  /** Takes the next bytes from the console. */
  write(data: Uint8Array): void {
    this.#terminal.write(data);
  }
}
