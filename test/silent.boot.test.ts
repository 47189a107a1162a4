import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildReferenceImages } from '../reference/build.ts';
import { formatPaths } from '../reference/formats.ts';
import { type Summary, type World, makeWorld, readSummary, startCli } from './cli.ts';

/** Without a private key: what a maintainer has who tests a published image. */
const contract = {
  name: 'silent',
  autologin: { screen: 'root', serial: { default: null } },
  login: { user: 'root', password: '' },
  sshd: { user: 'root', authorizedKey: 'ssh-ed25519', permitRootLogin: 'yes' },
  flakes: { experimentalFeatures: ['nix-command', 'flakes'] },
  keyboard: { layout: 'ch', variant: '' },
  power: { off: true, reboot: {} },
};

describe('an image that is silent on serial', () => {
  let world: World;
  let exitCode: number | undefined;
  let summary: Summary;

  beforeAll(async () => {
    world = await makeWorld({ ownCache: false });
    const { directory } = await buildReferenceImages({ onProgress: (line) => console.log(line) });
    const image = join(directory, formatPaths['qemu-silent']);
    const contractFile = join(world.path, 'contract.json');
    await writeFile(contractFile, JSON.stringify(contract));
    const run = await startCli(world, ['--contract', contractFile, '--images', image], { stdout: 'inherit' });
    exitCode = run.exitCode;
    summary = await readSummary(world);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  test('passes every check by keys on its virtual screen, and the report says so', () => {
    expect(summary.cells).toMatchObject([
      {
        id: 'qemu.x86_64.bios.disk',
        verdict: 'passed',
        access: 'keyboard',
        checks: ['flakes', 'sshd', 'autologin', 'keyboard', 'power'].map((name) => ({
          name,
          verdict: 'passed',
        })),
      },
    ]);
    expect(exitCode).toBe(0);
  });
});
