import type { Socket } from 'node:net';

/** Nobody needs more for a line. */
const mostBytes = 64 * 1024;

/**
 * Reads the first line, without its end; what comes behind it stays to be read, and the socket is paused.
 * @throws Error where the connection ends before, or the line does not.
 */
export function firstLine(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let got = Buffer.alloc(0);
    const settle = (): void => {
      socket.off('data', onData);
      socket.off('close', onClose);
    };
    const onClose = (): void => {
      settle();
      reject(new Error('the connection ended before a line had come'));
    };
    const onData = (data: Buffer): void => {
      got = Buffer.concat([got, data]);
      const end = got.indexOf('\n');
      if (end < 0 && got.length <= mostBytes) return;
      settle();
      socket.pause();
      if (end < 0) return reject(new Error(`a line of more than ${mostBytes} bytes`));
      if (end + 1 < got.length) socket.unshift(got.subarray(end + 1));
      resolve(got.subarray(0, end).toString());
    };
    socket.on('data', onData);
    socket.on('close', onClose);
  });
}
