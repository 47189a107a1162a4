import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { provePortOwner } from './port-owner.ts';

async function listen(host: string, port = 0): Promise<{ server: Server; port: number }> {
  const server = createServer();
  server.listen(port, host);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { server, port: (server.address() as AddressInfo).port };
}

test('who listens is proven', async () => {
  const { server, port } = await listen('127.0.0.1');
  await provePortOwner(process.pid, port);
  server.close();
  await expect(provePortOwner(process.pid, port)).rejects.toThrow(`nobody listens on 127.0.0.1:${port}`);
});

test("another process's port is not ours", async () => {
  const { port } = await listen('127.0.0.1');
  const other = spawn('sleep', ['60']);
  onTestFinished(() => void other.kill());
  await once(other, 'spawn');
  await expect(provePortOwner(other.pid ?? 0, port)).rejects.toMatchObject({
    code: 'port-not-ours',
    message: `another process listens on 127.0.0.1:${port}, which is to lead to this machine: what answers there is not this guest`,
  });
});

test('a listener on all addresses is not the one on 127.0.0.1', async () => {
  const { port } = await listen('0.0.0.0');
  await expect(provePortOwner(process.pid, port)).rejects.toThrow('nobody listens');
});

test('nothing is said of a process that is gone', async () => {
  const gone = spawn('true');
  await once(gone, 'exit');
  await provePortOwner(gone.pid ?? 0, 1);
});
