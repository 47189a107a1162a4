import { createServer, type Server, type Socket } from 'node:net';
import { didYouMean } from '../../did-you-mean.ts';
import type { EventBody, Verdict } from '../../events.ts';
import { globExpression } from '../../glob.ts';
import { listen } from '../../machine/sockets/listen.ts';
import { ConsoleFeed } from './console-feed.ts';
import { firstLine } from './first-line.ts';
import { type Answer, answerLine, parseRequest, type Request } from './protocol.ts';
import { type Attachable, openWaysIn } from './ways-in.ts';

/** A machine that is up, as the run sees it. */
export interface Attached {
  /** Opens every way in; lines for a shell. */
  waysIn(): Promise<string[]>;
  /** Somebody was let in who may change the machine. */
  readonly isTouched: boolean;
  /** The machine is about to end: whoever looks sees the rest, and nobody else gets in. */
  remove(): Promise<void>;
}

/**
 * Lets persons into the machines of a run while it goes on: through one socket in the run's own directory, which nobody
 * but its user can enter. Any number may look at a console; what they type is mixed as it comes.
 */
export class AttachServer {
  readonly path: string;
  readonly #server: Server;
  readonly #command: (cell: string) => string;
  readonly #up = new Map<string, Machine>();
  /** Every cell of the run, and its verdict once it has one. */
  readonly #cells = new Map<string, Verdict | null>();
  readonly #sockets = new Set<Socket>();

  /**
   * @param command what a person types to attach to a cell, without what they want of it
   * @throws HostError `qmp-listen` where no socket can be made at this path
   */
  static async listen(path: string, command: (cell: string) => string): Promise<AttachServer> {
    const server = createServer();
    const attach = new AttachServer(server, path, command);
    await listen(server, path, 'attach command');
    return attach;
  }

  private constructor(server: Server, path: string, command: (cell: string) => string) {
    this.path = path;
    this.#command = command;
    this.#server = server;
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      // Who goes away in the middle of something is no defect.
      socket.on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket));
      void this.#serve(socket).catch(() => socket.destroy());
    });
  }

  /** Takes every event of the run: which cells there are, what is held, what has ended. */
  hear(event: EventBody): void {
    if (event.type === 'run-started') for (const { id } of event.cells) this.#cells.set(id, null);
    if (event.type === 'cell-finished') this.#cells.set(event.cell, event.verdict);
    const machine = 'cell' in event ? this.#up.get(event.cell) : undefined;
    if (machine === undefined) return;
    if (event.type === 'held') machine.isHeld = true;
  }

  /** Lets persons into a machine that was just switched on. */
  add(one: Attachable): Attached {
    const machine = new Machine(one, this.#command(one.cell));
    this.#up.set(one.cell, machine);
    return {
      waysIn: async () => [machine.consoleCommand, ...(await machine.waysIn())],
      get isTouched() {
        return machine.isTouched;
      },
      remove: async () => {
        this.#up.delete(one.cell);
        machine.end();
      },
    };
  }

  /** Ends it, and every connection. */
  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  async #serve(socket: Socket): Promise<void> {
    const request = parseRequest(await firstLine(socket));
    if (request === undefined) return void socket.destroy();
    if (request.want === 'list') {
      const cells = [...this.#up].map(([id, { isHeld: held }]) => ({ id, held }));
      return void socket.end(answerLine({ ok: true, want: 'list', cells }));
    }
    const found = this.#find(request);
    if ('ok' in found) return void socket.end(answerLine(found));
    const { cell, machine } = found;
    if (request.want === 'monitor') {
      const path = machine.monitor();
      return void socket.end(answerLine({ ok: true, want: 'monitor', cell, socket: path }));
    }
    const ways = request.write ? await machine.waysIn() : [];
    socket.write(answerLine({ ok: true, want: 'console', cell, held: machine.isHeld, ways }));
    machine.show(socket, request.write);
  }

  /** The machine that a person means by a cell's id or a part of it, or why there is none. */
  #find({ cell: wanted }: Extract<Request, { cell: string }>): Answer | { cell: string; machine: Machine } {
    const names = (id: string): boolean =>
      wanted.includes('*') ? globExpression(wanted).test(id) : id.includes(wanted);
    const up = [...this.#up].filter(([id]) => id === wanted || names(id));
    const [found] = up.length === 1 ? up : up.filter(([id]) => id === wanted);
    if (found !== undefined) return { cell: found[0], machine: found[1] };
    const no = (code: string, message: string): Answer => ({ ok: false, code, message });
    const running = [...this.#up.keys()].join(', ') || 'none';
    if (up.length > 1)
      return no(
        'several-machines',
        `Expected one machine, got '${wanted}', which names ${up.map(([id]) => id).join(', ')}; name one of them.`,
      );
    const known = [...this.#cells.keys()];
    const cells = known.includes(wanted) ? [wanted] : known.filter(names);
    const [cell, ...more] = cells;
    if (cell === undefined)
      return no(
        'no-such-cell',
        `Expected a cell of the run, got '${wanted}'${didYouMean(wanted, known)}; these have a machine now: ${running}.`,
      );
    const verdict = this.#cells.get(cell);
    const state =
      more.length > 0
        ? `none of the ${cells.length} cells that '${wanted}' names has one now`
        : verdict === null
          ? `${cell} has none: it waits for its turn, or for its next boot`
          : `${cell} has ended: ${verdict}`;
    return no('no-machine', `Expected a cell whose machine is up; ${state}. These have one now: ${running}.`);
  }
}

class Machine {
  isHeld = false;
  isTouched = false;
  readonly #one: Attachable;
  readonly #command: string;
  readonly #feeds = new Set<ConsoleFeed>();
  #ways: Promise<string[]> | undefined;
  #endOfSerial: (() => void) | undefined;

  constructor(one: Attachable, command: string) {
    this.#one = one;
    this.#command = command;
  }

  get consoleCommand(): string {
    return `${this.#command} --write`;
  }

  /** Those beside the console. Once a machine: to open its screen again would end who looks at it. */
  async waysIn(): Promise<string[]> {
    this.#ways ??= openWaysIn(this.#one);
    return [`${this.#command} --monitor`, ...(await this.#ways)];
  }

  monitor(): string {
    this.#touch();
    const { monitor } = this.#one.machine.description.paths;
    if (monitor === undefined) throw new Error('this machine has no monitor for a person');
    return monitor;
  }

  show(socket: Socket, mayWrite: boolean): void {
    const { machine } = this.#one;
    if (mayWrite) this.#touch();
    const feed = new ConsoleFeed(machine.description.paths.serialLog, socket);
    this.#feeds.add(feed);
    this.#endOfSerial ??= machine.onSerial(() => {
      for (const one of this.#feeds) one.pump();
    });
    socket.on('close', () => this.#feeds.delete(feed));
    // What comes is read in any case: that is how the end of the connection is seen.
    socket.on('data', (data) => {
      if (mayWrite) machine.write(data);
    });
    socket.resume();
    feed.pump();
  }

  end(): void {
    this.#endOfSerial?.();
    for (const feed of this.#feeds) feed.end();
  }

  /** What is done to a machine that is held changes no verdict: it has one. */
  #touch(): void {
    if (!this.isHeld) this.isTouched = true;
  }
}
