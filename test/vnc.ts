/** A person at a VNC viewer, as far as tests need one: they have the password, and type. RFC 6143. */
import { createCipheriv } from 'node:crypto';
import { connect, type Socket } from 'node:net';

const version = 'RFB 003.008\n';
const vncAuthentication = 2;
/** Keysyms of X: those of ASCII are its codes. */
const returnKey = 0xff0d;

/** Types a line, and Return. Rejects where the password is not taken. */
export async function typeByVnc(port: number, password: string, line: string): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  const read = reader(socket);
  await read(version.length);
  socket.write(version);
  const [count = 0] = await read(1);
  const types = await read(count);
  if (!types.includes(vncAuthentication))
    throw new Error(`the server takes ${[...types].join()} and no password`);
  socket.write(Buffer.of(vncAuthentication));
  socket.write(answer(await read(16), password));
  if ((await read(4)).readUInt32BE() !== 0) throw new Error('the password was refused');
  // Beside whoever else looks.
  socket.write(Buffer.of(1));
  await read((await read(24)).readUInt32BE(20));
  for (const symbol of [...Array.from(line, (char) => char.charCodeAt(0)), returnKey]) {
    for (const down of [1, 0]) socket.write(keyEvent(symbol, down));
    // A guest that takes keys from a PS/2 keyboard has room for few of them.
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  socket.destroy();
}

function keyEvent(symbol: number, down: number): Buffer {
  const event = Buffer.alloc(8);
  event[0] = 4;
  event[1] = down;
  event.writeUInt32BE(symbol, 4);
  return event;
}

/** The challenge in DES, by the password's characters with their bits turned round; three times the same key is one of DES. */
function answer(challenge: Buffer, password: string): Buffer {
  const key = Buffer.alloc(8);
  for (const [index, char] of Array.from(password.slice(0, 8)).entries())
    key[index] = Number.parseInt([...char.charCodeAt(0).toString(2).padStart(8, '0')].reverse().join(''), 2);
  const cipher = createCipheriv('des-ede3-ecb', Buffer.concat([key, key, key]), null).setAutoPadding(false);
  return Buffer.concat([cipher.update(challenge), cipher.final()]);
}

function reader(socket: Socket): (length: number) => Promise<Buffer> {
  let rest = Buffer.alloc(0);
  const chunks = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  return async (length) => {
    while (rest.length < length) {
      const { done, value } = await chunks.next();
      if (done === true) throw new Error('the server ended the connection');
      rest = Buffer.concat([rest, value]);
    }
    const read = rest.subarray(0, length);
    rest = rest.subarray(length);
    return read;
  };
}
