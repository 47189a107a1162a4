import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { userInfo } from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import { readSummary, untilNothingIsLeft } from './cli.ts';
import { startSshServer } from './ssh-server.ts';
import { prepareStubRun, startStubRun } from './stub-run.ts';

test('a stale machine that answers on the port and lets the key in is an error, never a pass', async () => {
  await using stale = await startSshServer();
  const { authorizedKey, privateKey, port } = stale;
  const user = userInfo().username;
  const run = await prepareStubRun(['silent'], {
    sshd: { user, authorizedKey, privateKey, permitRootLogin: 'yes' },
  });
  await using world = run.world;
  run.args.push('--retries', '1');
  const { exitCode, stdout } = await startStubRun(run, { env: { STUB_USERNET: String(port) } });
  expect(exitCode, String(stdout)).toBe(3);
  expect((await readSummary(world)).cells).toMatchObject([
    {
      verdict: 'error',
      code: 'port-not-ours',
      reason: expect.stringContaining(`another process listens on 127.0.0.1:${port}`),
      // Another attempt gets another port.
      earlier: [{ code: 'port-not-ours' }],
    },
  ]);
  expect(stale.connections()).toBe(0);
  await untilNothingIsLeft(world);
});

test('a port that another process takes while the guest is checked is an error, whatever the checks saw', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const run = await prepareStubRun(['boots']);
  await using world = run.world;
  const { exitCode } = await startStubRun(run, { env: { STUB_USERNET: `- ${port}` } });
  expect(exitCode).toBe(3);
  const [cell] = (await readSummary(world)).cells;
  expect(cell).toMatchObject({ verdict: 'error', code: 'port-not-ours', phase: 'shell' });
  expect(cell?.checks).toContainEqual(expect.objectContaining({ name: 'autologin', verdict: 'passed' }));
});
