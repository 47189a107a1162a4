import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { disk, type DiskEdits } from '../defects/make/disk.ts';
import type { Make } from '../defects/make/make.ts';
import { type MadeImagesRun, judgeMadeImages } from '../made-images.ts';
import { closedContract, noScreen, silent } from './shut.ts';

/** An image of the format whose platform has QEMU's guest agent. */
const kubevirt =
  (edits: DiskEdits): Make =>
  async (reference, scratch) => {
    const image = join(scratch, 'nixos-kubevirt.qcow2');
    await rename(await disk('qemu', edits)(reference, scratch), image);
    return image;
  };

/** Nobody but the agent lets anybody in; no key is known. */
const closed = [silent('systemd.import_credentials=no'), noScreen];
const images = {
  'by-agent': kubevirt({ root: closed }),
  'agent-forbids': kubevirt({
    root: [
      ...closed,
      {
        path: '/usr/lib/systemd/system/qemu-guest-agent.service',
        change: (unit) => `${unit}`.replace(/^ExecStart=\S*qemu-ga/m, '$& --block-rpcs=guest-exec'),
      },
    ],
  }),
};

const contract = {
  ...closedContract,
  sshd: { user: 'root', authorizedKey: 'ssh-ed25519', permitRootLogin: 'yes' },
  power: { off: true, reboot: {} },
};

describe("QEMU's guest agent", () => {
  let run: MadeImagesRun;
  const cellOf = (name: keyof typeof images) => run.summary.cells.find(({ id }) => id.endsWith(`.${name}`));

  beforeAll(async () => {
    run = await judgeMadeImages({ images, contract });
  });
  afterAll(() => run.world[Symbol.asyncDispose]());

  test('is a way into an image that has no other, and every check holds by it', () => {
    expect(cellOf('by-agent')).toMatchObject({ verdict: 'passed', access: 'agent' });
    const verdicts = Object.fromEntries(
      cellOf('by-agent')?.checks.map(({ name, verdict }) => [name, verdict]) ?? [],
    );
    expect(verdicts).toMatchObject({
      flakes: 'passed',
      sshd: 'passed',
      autologin: 'passed',
      power: 'passed',
    });
  });

  test('that may not run commands is no way in, and the reason says so', () => {
    expect(cellOf('agent-forbids')).toMatchObject({
      shut: [{ rung: 'shipped', reason: expect.stringContaining('the guest agent refused guest-exec: ') }],
    });
  });
});
