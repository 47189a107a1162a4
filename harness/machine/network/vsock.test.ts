import { existsSync } from 'node:fs';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { scratchDirectory } from '../../../test/scratch.ts';
import type { VsockPaths } from '../board/description.ts';
import { startVsock, vsockProgram } from './vsock.ts';

/** Puts a program on PATH that serves vsocks, or should; where it is started it leaves its process id. */
async function fakeProgram(body: string): Promise<{ paths: VsockPaths; pid: string }> {
  const directory = await scratchDirectory();
  const path = join(directory, 'vhost-device-vsock');
  const pid = join(directory, 'program.pid');
  await writeFile(
    path,
    `#!${process.execPath}\nrequire('node:fs').writeFileSync('${pid}', String(process.pid));\n${body}`,
  );
  await chmod(path, 0o755);
  vi.stubEnv('PATH', [directory, process.env['PATH']].join(delimiter));
  const sockets = { device: join(directory, 'device.sock'), host: join(directory, 'host.sock') };
  return { paths: { program: path, ...sockets }, pid };
}

afterEach(() => vi.unstubAllEnvs());

describe.runIf(process.platform === 'linux')('the program that serves a vsock', () => {
  it('is waited for until it listens, and ended', async () => {
    const { paths, pid } = await fakeProgram(`
const value = (name) => process.argv[process.argv.indexOf(name) + 1];
if (value('--guest-cid') !== '3' || !value('--uds-path').endsWith('host.sock')) throw new Error('no such option');
setTimeout(() => require('node:net').createServer().listen(value('--socket')), 100);
`);
    const vsock = await startVsock(paths);
    expect(existsSync(paths.device)).toBe(true);
    const process = `/proc/${await readFile(pid, 'utf8')}`;
    expect(existsSync(process)).toBe(true);
    vsock.end();
    while (existsSync(process)) await sleep(10);
  });

  it('that ends is the host’s fault, with what it said', async () => {
    const { paths } = await fakeProgram(`console.error('no room'); process.exit(1);`);
    await expect(startVsock(paths)).rejects.toMatchObject({
      code: 'vsock-died',
      message: 'vhost-device-vsock ended before a machine could use it: no room',
    });
  });

  it('is looked for on PATH', async () => {
    vi.stubEnv('PATH', await scratchDirectory());
    expect(await vsockProgram()).toBeNull();
    await fakeProgram('');
    expect(await vsockProgram()).toMatch(/\/vhost-device-vsock$/);
  });
});
