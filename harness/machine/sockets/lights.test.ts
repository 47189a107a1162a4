import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scratchDirectory } from '../../../test/scratch.ts';
import { watchLights } from './lights.ts';

/** The handshake of QEMU's VNC server, in pieces, and what it tells then. */
async function serve(tell: (socket: Socket) => void): Promise<string> {
  const path = join(await scratchDirectory(), 'vnc');
  const server = createServer((socket) => {
    void (async () => {
      const answer = async (bytes: Uint8Array | string): Promise<Buffer> => {
        socket.write(bytes);
        const [data] = (await once(socket, 'data')) as [Buffer];
        return data;
      };
      expect((await answer('RFB 003.008\n')).toString()).toBe('RFB 003.008\n');
      expect([...(await answer(Buffer.from([2, 16, 1])))]).toEqual([1]);
      expect([...(await answer(Buffer.alloc(4)))]).toEqual([1]);
      const name = Buffer.from('QEMU');
      const size = Buffer.alloc(4);
      size.writeUInt32BE(name.length);
      expect([...(await answer(Buffer.concat([Buffer.alloc(20), size, name])))]).toEqual([
        2, 0, 0, 1, 0xff, 0xff, 0xfe, 0xfb,
      ]);
      tell(socket);
    })();
    socket.on('error', () => {});
    socket.on('close', () => server.close());
  });
  server.listen(path);
  await once(server, 'listening');
  return path;
}

const report = (state: number): Buffer =>
  Buffer.from([0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0xff, 0xff, 0xfe, 0xfb, state]);

it('tells the lights as they are, and each change', async () => {
  let socket: Socket | undefined;
  const path = await serve((one) => {
    socket = one;
    one.write(report(1).subarray(0, 5));
    one.write(report(1).subarray(5));
  });
  await using lights = await watchLights(path);
  expect(lights.now).toEqual({ scroll: true, num: false, caps: false });
  const change = new Promise((resolve) => lights.onChange(resolve));
  socket?.write(report(6));
  expect(await change).toEqual({ scroll: false, num: true, caps: true });
  expect(lights.now.num).toBe(true);
});

it('is refused where something else answers', async () => {
  const path = await serve((one) => one.write(Buffer.alloc(17, 1)));
  await expect(watchLights(path)).rejects.toThrow('told what nobody asked for');
});

it('is refused where nobody answers, or who answers goes', async () => {
  await expect(watchLights(join(await scratchDirectory(), 'none'))).rejects.toThrow('ENOENT');
  const path = await serve((one) => one.end());
  await expect(watchLights(path)).rejects.toThrow('ended the connection');
});
