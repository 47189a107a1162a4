import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { become } from '../defects/make/contents.ts';
import { disk } from '../defects/make/disk.ts';
import { iso } from '../defects/make/iso.ts';
import type { Make } from '../defects/make/make.ts';
import { type MadeImagesRun, judgeMadeImages } from '../made-images.ts';
import { closedContract } from './shut.ts';

/** Takes no login from the machine: the rung before is shut. */
const deaf = 'systemd.import_credentials=no';
const speaks = 'console=tty0 console=ttyS0,115200';
const options = `root=LABEL=nixos rw ${deaf}`;

/** Images that are silent on serial, and what is in front of their kernels. */
const images: Record<string, Make> = {
  grub: disk('qemu', {
    root: [
      {
        path: '/boot/grub/grub.cfg',
        change: become(
          `set timeout=1\nmenuentry NixOS {\n  linux /boot/bzImage ${options}\n  initrd /boot/initrd\n}\n`,
        ),
      },
    ],
  }),
  'systemd-boot': disk('qemu-efi', {
    esp: [
      {
        path: 'loader/entries/nixos-generation-1.conf',
        change: become(
          `title NixOS\nlinux /EFI/nixos/bzImage.efi\ninitrd /EFI/nixos/initrd.efi\noptions ${options}\n`,
        ),
      },
    ],
  }),
  // ISOLINUX for BIOS, GRUB for UEFI.
  iso: iso({
    exchanges: [
      [speaks, deaf.padEnd(speaks.length)],
      ['SERIAL 0 115200', '# silent       '],
    ],
  }),
};

/**
 * Nobody but who logs in on serial gets in: keys are typed on no screen on which nobody is promised to be. The images do
 * log somebody in there, so each cell fails for that, and for nothing else: a further boot hides nothing.
 */
const contract = { ...closedContract, login: { user: 'root', password: '' } };

/** The cells, and the bootloader of each. */
const menus = {
  'qemu.x86_64.bios.disk': 'GRUB',
  'qemu-efi.x86_64.uefi.disk': 'systemd-boot',
  'iso-installer.x86_64.bios.cdrom': 'SYSLINUX',
  'iso-installer.x86_64.uefi.cdrom': 'GRUB',
};

describe('an image into which only its boot menu leads', () => {
  let run: MadeImagesRun;

  beforeAll(async () => {
    run = await judgeMadeImages({ images, contract, filters: Object.keys(menus) });
  });
  afterAll(() => run.world[Symbol.asyncDispose]());

  test.each(Object.entries(menus))('%s: %s', (id, loader) => {
    expect(run.summary.cells.find((cell) => cell.id === id)).toMatchObject({
      access: 'menu',
      checks: expect.arrayContaining([
        expect.objectContaining({ name: 'flakes', verdict: 'passed', access: ['menu'] }),
        expect.objectContaining({
          name: 'autologin',
          verdict: 'failed',
          reason: expect.stringContaining('on the virtual screen expected nobody to be logged in'),
        }),
      ]),
    });
    const typed = `${id}: at the menu of ${loader} \`${speaks}\` was added to the kernel's command line, by keys`;
    expect(run.summary.notices).toContainEqual({ level: 'info', text: typed });
  });

  test('is judged by its contract', () => expect(run.exitCode).toBe(1));
});
