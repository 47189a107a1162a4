import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { dir as tmpDir, type DirectoryResult } from 'tmp-promise';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listenForQmp, type QmpConnection } from './qmp.ts';

let scratch: DirectoryResult;
let qemu: Socket;

beforeEach(async () => {
  scratch = await tmpDir({ unsafeCleanup: true });
});

afterEach(async () => {
  qemu?.destroy();
  await scratch.cleanup();
});

const say = (message: object): boolean => qemu.write(`${JSON.stringify(message)}\n`);

const hear = async (): Promise<{ execute: string; id: number }> =>
  JSON.parse(String((await once(qemu, 'data'))[0])) as { execute: string; id: number };

/** Plays QEMU's side up to the point where the connection is ready. */
async function negotiate(): Promise<QmpConnection> {
  const server = await listenForQmp(join(scratch.path, 'qmp'));
  qemu = connect(join(scratch.path, 'qmp'));
  say({ QMP: {} });
  say({ id: (await hear()).id, return: {} });
  return server.connection;
}

test('answers find their commands in any order, events go elsewhere', async () => {
  const connection = await negotiate();
  const events: string[] = [];
  connection.onEvent(({ event }) => events.push(event));
  const first = connection.execute('one');
  const { id: one } = await hear();
  const second = connection.execute('two', { a: 1 });
  const message = await hear();
  expect(message).toEqual({ execute: 'two', arguments: { a: 1 }, id: one + 1 });
  say({ event: 'RESET', data: { guest: true } });
  say({ id: message.id, return: 2 });
  say({ id: one, error: { class: 'GenericError', desc: 'no' } });
  await expect(first).rejects.toMatchObject({ code: 'qmp-refused', message: 'QEMU refused one: no.' });
  await expect(second).resolves.toBe(2);
  expect(events).toEqual(['RESET']);
});

test('a lost connection rejects what waits and what comes', async () => {
  const connection = await negotiate();
  const pending = connection.execute('query-status');
  await hear();
  qemu.destroy();
  await expect(pending).rejects.toThrow('ended while it ran query-status');
  await expect(connection.execute('cont')).rejects.toMatchObject({ code: 'qmp-lost' });
});

test('what is no JSON ends the connection, not the harness', async () => {
  const connection = await negotiate();
  const pending = connection.execute('query-status');
  await hear();
  qemu.write('hello\n');
  await expect(pending).rejects.toMatchObject({ code: 'qmp-lost' });
});

test('a QEMU that never greets', async () => {
  const server = await listenForQmp(join(scratch.path, 'qmp'));
  qemu = connect(join(scratch.path, 'qmp'));
  qemu.end();
  await expect(server.connection).rejects.toThrow('ended before it began');
});

test('a path that is too long for a socket', async () => {
  await expect(listenForQmp(join(scratch.path, 'x'.repeat(200)))).rejects.toMatchObject({
    code: 'qmp-listen',
    hint: expect.stringContaining('TMPDIR'),
  });
});
