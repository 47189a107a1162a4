import { connect, type Socket } from 'node:net';
import type { Machine } from '../machine.ts';

/** The lights of the machine's keyboard, as the guest last set them. */
export interface Lights {
  scroll: boolean;
  num: boolean;
  caps: boolean;
}

/** Somebody who looks at the keyboard's lights. */
export interface LightsWatch extends AsyncDisposable {
  readonly now: Lights;
  /** Called whenever the guest sets them; returns what ends it. */
  onChange(listener: (lights: Lights) => void): () => void;
}

/** What the lights are, and who is told when that changes. */
export class LightsState {
  now: Lights;
  readonly #listeners = new Set<(lights: Lights) => void>();

  constructor(now: Lights) {
    this.now = now;
  }

  onChange(listener: (lights: Lights) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  set(lights: Lights): void {
    this.now = lights;
    for (const listener of this.#listeners) listener(lights);
  }
}

/** RFC 6143: the version, security type None, a shared session, and one encoding, QEMU's of the keyboard's LEDs. */
const version = 'RFB 003.008\n';
const securityNone = 1;
const ledEncoding = -261;
const setEncodings = Buffer.from([2, 0, 0, 1, 0xff, 0xff, 0xfe, 0xfb]);

/**
 * Watches the lights through QEMU's VNC server: no command of its monitor tells of them. No picture is ever asked for.
 * Resolves with the first report.
 * @param path of the server's socket
 */
export async function watchLights(path: string): Promise<LightsWatch> {
  const socket = connect(path);
  const reports = readReports(socket);
  const first = await reports.next();
  if (first.done === true) throw new Error(`the VNC server at ${path} ended the connection`);
  const state = new LightsState(first.value);
  const reading = (async () => {
    for await (const lights of reports) state.set(lights);
  })().catch(() => {});
  return Object.assign(state, {
    async [Symbol.asyncDispose]() {
      socket.destroy();
      await reading;
    },
  });
}

/** Opens a watch of a machine's lights, whenever it is called. */
export const lightsOf =
  ({ description }: Pick<Machine, 'description'>) =>
  (): Promise<LightsWatch> =>
    description.paths.lights === undefined
      ? Promise.reject(new Error('this machine has no socket for its lights'))
      : watchLights(description.paths.lights);

async function* readReports(socket: Socket): AsyncGenerator<Lights, void> {
  const bytes = new ByteReader(socket);
  await bytes.read(version.length);
  socket.write(version);
  const [types = 0] = await bytes.read(1);
  await bytes.read(types);
  socket.write(Buffer.from([securityNone]));
  if ((await bytes.read(4)).readUInt32BE() !== 0) throw new Error('the VNC server refused the connection');
  socket.write(Buffer.from([1]));
  const init = await bytes.read(24);
  await bytes.read(init.readUInt32BE(20));
  socket.write(setEncodings);
  for (;;) {
    const head = await bytes.read(4);
    for (let left = head.readUInt16BE(2); left > 0; left--) {
      const encoding = (await bytes.read(12)).readInt32BE(8);
      if (head[0] !== 0 || encoding !== ledEncoding)
        throw new Error('the VNC server told what nobody asked for');
      const [state = 0] = await bytes.read(1);
      yield { scroll: (state & 1) !== 0, num: (state & 2) !== 0, caps: (state & 4) !== 0 };
    }
  }
}

/** Reads so many bytes at a time. */
class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.#chunks = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  async read(length: number): Promise<Buffer> {
    while (this.#rest.length < length) {
      const { done, value } = await this.#chunks.next();
      if (done === true) throw new Error('the VNC server ended the connection');
      this.#rest = Buffer.concat([this.#rest, value]);
    }
    const read = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return read;
  }
}
