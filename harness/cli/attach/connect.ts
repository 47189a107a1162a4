import { connect as connectSocket, type Socket } from 'node:net';
import { UsageError } from '../../errors.ts';
import { firstLine } from '../../run/attach/first-line.ts';
import { type Answer, type Request, requestLine } from '../../run/attach/protocol.ts';

/** A connection to a socket of a run. */
async function open(path: string): Promise<Socket> {
  const socket = connectSocket(path);
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    socket.once('error', (cause: NodeJS.ErrnoException) => {
      const why =
        cause.code === 'EACCES' ? 'its run is of another user; attach as that one' : 'its run has just ended';
      reject(
        new UsageError('no-run', `Expected a run that lets this user in, got ${path}: ${why}.`, { cause }),
      );
    });
  });
}

/**
 * Asks a run by its socket.
 * @returns the answer and the connection, on which bytes may follow.
 * @throws UsageError with the run's own sentence where it refuses; `no-run`
 */
export async function ask<Want extends Request['want']>(
  path: string,
  request: Extract<Request, { want: Want }>,
): Promise<{ answer: Extract<Answer, { want: Want }>; socket: Socket }> {
  const socket = await open(path);
  socket.write(requestLine(request));
  const answer = JSON.parse(
    await firstLine(socket).catch((cause: unknown) => {
      throw new UsageError('no-run', `Expected an answer of the run, got none: it has just ended.`, {
        cause,
      });
    }),
  ) as Answer;
  if (answer.ok) return { answer: answer as Extract<Answer, { want: Want }>, socket };
  throw new UsageError(answer.code, answer.message);
}

/** Connects to a machine's own monitor. */
export const openMonitor = open;
