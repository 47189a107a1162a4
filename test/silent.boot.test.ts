import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatPaths } from '../reference/formats.ts';
import { readEventLog } from './cli.ts';
import { type MadeImagesRun, judgeMadeImages } from './made-images.ts';

/** Without a private key: what a maintainer has who tests a published image. */
const contract = {
  name: 'silent',
  autologin: { screen: 'root', serial: { default: null } },
  login: { user: 'root', password: '' },
  sshd: { user: 'root', authorizedKey: 'ssh-ed25519', permitRootLogin: 'yes' },
  flakes: { experimentalFeatures: ['nix-command', 'flakes'] },
  keyboard: { layout: 'ch', variant: '' },
  // A second boot, by the same keys: the one in CI that comes back.
  power: { off: true, reboot: { default: true } },
};

describe('an image that is silent on serial', () => {
  let run: MadeImagesRun;

  beforeAll(async () => {
    const asItIs = async (directory: string): Promise<string> => join(directory, formatPaths['qemu-silent']);
    run = await judgeMadeImages({ images: { silent: asItIs }, contract });
  });
  afterAll(() => run.world[Symbol.asyncDispose]());

  test('passes every check by keys on its virtual screen, and the report says so', () => {
    expect(run.summary.cells).toMatchObject([
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
    expect(run.exitCode).toBe(0);
  });

  test('comes back from a reboot by the same way in', async () => {
    const power = (await readEventLog(run.world)).find(
      (event) => event.type === 'check-finished' && event.result.name === 'power',
    );
    expect(power).toMatchObject({
      result: {
        evidence: expect.arrayContaining([
          expect.objectContaining({
            action: 'wait for a shell',
            observed: expect.stringMatching(/^root by keyboard \d+\.\d s after the reset$/),
          }),
        ]),
      },
    });
  });
});
