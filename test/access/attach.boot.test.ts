/** A machine that is held: what a person types by each way arrives in it. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { buildReferenceImages } from '../../reference/build.ts';
import { privateKeyPath, publicKeyPath } from '../../reference/paths.ts';
import { attach } from '../attach-client.ts';
import { makeWorld, readSummary, startCli, untilEvent, untilNothingIsLeft } from '../cli.ts';
import { bareContract } from '../contract.ts';
import { typeByVnc } from '../vnc.ts';

test('console, screen, SSH and monitor of a machine that is held', async () => {
  const { formats } = await buildReferenceImages({ onProgress: () => {} });
  const image = formats.find(({ name }) => name === 'qemu')?.path ?? '';
  await using world = await makeWorld({ ownCache: false });
  const contract = join(world.path, 'contract.json');
  const authorizedKey = (await readFile(publicKeyPath, 'utf8')).trim();
  const promises = {
    ...bareContract(),
    sshd: { user: 'root', authorizedKey, privateKey: privateKeyPath, permitRootLogin: 'yes' },
    // What it does not keep.
    files: { '/no/such/file': {} },
  };
  await writeFile(contract, JSON.stringify(promises));
  const args = ['--images', image, '--contract', contract, '--check', 'files', '--retries', '0'];
  const running = startCli(world, ['--hold-on-failure', ...args]);
  const held = await untilEvent(world, ({ type }) => type === 'held');
  const { cell, ways } = held as Extract<typeof held, { type: 'held' }>;

  const console = attach(world, [cell, '--write']);
  await console.sees('Linux version');
  console.type('touch by-console && echo made-$((6 * 7))\n');
  await console.sees('made-42');
  await console.leave();

  const ssh = ways.find((way) => way.startsWith('ssh ')) ?? '';
  await execa('/bin/sh', ['-c', `${ssh} touch by-ssh`]);

  const [, password = '', port = ''] =
    ways
      .map((way) => /cat (\S+)\) vncviewer 127\.0\.0\.1::(\d+)$/.exec(way))
      .find((match) => match !== null) ?? [];
  // Letters that are where they are in every layout of the contract.
  await typeByVnc(Number(port), await readFile(password, 'utf8'), 'touch vnc');
  await expect(typeByVnc(Number(port), 'another1', 'touch nothing')).rejects.toThrow(
    'the password was refused',
  );

  const monitor = attach(world, [cell, '--monitor']);
  await monitor.sees('(qemu)');
  for (const key of ['t', 'o', 'u', 'c', 'h', 'spc', 'm', 'o', 'n', 'ret']) {
    monitor.type(`sendkey ${key}\n`);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }

  const expected = ['by-console', 'by-ssh', 'mon', 'vnc'];
  const made = async (): Promise<string[]> => {
    const { stdout } = await execa('/bin/sh', ['-c', `${ssh} ls`]);
    return stdout.split('\n').filter((name) => expected.includes(name));
  };
  await expect.poll(made, { timeout: 120_000, interval: 1000 }).toEqual(expected);
  await monitor.leave();

  running.kill('SIGINT');
  expect(await running).toMatchObject({ exitCode: 130 });
  expect((await readSummary(world)).cells).toMatchObject([{ id: cell, verdict: 'failed' }]);
  await untilNothingIsLeft(world);
});
