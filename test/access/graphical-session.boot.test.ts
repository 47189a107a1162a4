import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Guest } from '../../harness/console/guest.ts';
import { buildReferenceImages } from '../../reference/build.ts';
import { formatPaths } from '../../reference/formats.ts';
import { autologin } from '../../scenarios/autologin.ts';
import { type Contract, layoutName } from '../../scenarios/contracts/contract.ts';
import { nixosImages } from '../../scenarios/contracts/systems/nixos-images.ts';
import { keyboard } from '../../scenarios/keyboard.ts';
import { bootReference, type ReferenceGuest } from '../reference-guest.ts';
import { installSession, person, showSession } from './graphical.ts';
import { layouts, toldAs } from './layouts.ts';

const swiss = { layout: 'ch', variant: '' };

const promise = (layout: typeof swiss, screen: string | null = person): Contract => ({
  ...nixosImages,
  autologin: { screen, serial: { default: 'root' } },
  keyboard: layout,
});

describe('a graphical session', () => {
  let reference: ReferenceGuest;
  let guest: Guest;

  beforeAll(async () => {
    const { directory } = await buildReferenceImages({ onProgress: (line) => console.log(line) });
    reference = await bootReference(join(directory, formatPaths.qemu));
    guest = reference.guest;
    await installSession(guest);
  });
  afterAll(() => reference[Symbol.asyncDispose]());

  test.each(layouts.map((layout) => ({ layout, name: layoutName(layout) })))(
    'with the layout $name is recognised',
    async ({ layout, name }) => {
      await showSession(guest, layout);
      reference.evidence.length = 0;
      expect(await keyboard.check(guest, promise(layout))).toEqual({ verdict: 'passed' });
      expect(reference.evidence).toMatchObject([
        {
          action: 'start /usr/bin/foot and type into its window',
          observed: expect.stringContaining(`the graphical session of ${person} (wayland, by login)`),
        },
        { observed: expect.stringMatching(/^on the virtual screen: .*: as on /) },
      ]);
      expect(reference.evidence[1]?.observed.endsWith(`: as on ${toldAs(name)}`)).toBe(true);
    },
  );

  test('with another layout is told apart', async () => {
    // It has de(neo) now, where hardly a letter is in its usual place.
    expect(await keyboard.check(guest, promise(swiss))).toMatchObject({
      verdict: 'failed',
      reason: expect.stringMatching(/^expected the layout ch on the virtual screen, the guest has de\(neo\)/),
    });
  });

  test('is somebody’s login, who is named where it should be another', async () => {
    await showSession(guest, swiss);
    expect(await autologin.check(guest, promise(swiss))).toEqual({ verdict: 'passed' });
    for (const other of ['root', null]) {
      expect(await autologin.check(guest, promise(swiss, other))).toMatchObject({
        verdict: 'failed',
        reason: expect.stringMatching(
          /^on the virtual screen expected (root|nobody) to be logged in, got person/,
        ),
      });
    }
  });

  test('leaves nothing of ours behind', async () => {
    const { output } = await guest.shell.run(`ls -A /run/user/$(id -u ${person}); pgrep -x foot`);
    expect(output.trim().split(/\s+/)).toEqual(['wayland-0', 'wayland-0.lock']);
  });

  test('in which no key arrives fails, and says so', async () => {
    const lost: Guest = { ...guest, slowness: 0.1, keyboard: { ...guest.keyboard, press: async () => {} } };
    await expect(keyboard.check(lost, promise(swiss))).rejects.toMatchObject({
      code: 'no-keys',
      message: expect.stringMatching(
        /^no key arrives in the window of \/usr\/bin\/foot in the graphical session of person/,
      ),
    });
  });

  test('that is locked lets nobody in', async () => {
    const { output: path } = await guest.shell.run(
      "loginctl list-sessions --no-legend | sed -n 's/^ *\\([0-9]*\\) 1000 .*/\\1/p'",
    );
    const lock = async (hint: boolean): Promise<unknown> =>
      guest.shell.run(
        `runuser -u ${person} -- busctl call org.freedesktop.login1 "$(busctl call org.freedesktop.login1 /org/freedesktop/login1 org.freedesktop.login1.Manager GetSession s ${path.trim()} | sed 's/^o "\\(.*\\)"$/\\1/')" org.freedesktop.login1.Session SetLockedHint b ${hint}`,
      );
    expect(await lock(true)).toMatchObject({ status: 0 });
    expect(await autologin.check({ ...guest, slowness: 0.1 }, promise(swiss))).toMatchObject({
      verdict: 'failed',
      reason: expect.stringContaining('the graphical session of person (wayland, by login) is locked'),
    });
    await lock(false);
  });

  test('without a terminal emulator has nothing said about its keys', async () => {
    await guest.shell.run('mv /usr/bin/foot /usr/bin/toof');
    await expect(keyboard.check(guest, promise(swiss))).rejects.toMatchObject({
      code: 'no-terminal-emulator',
    });
  });

  test('in which no window comes up fails with the words of what should have drawn it', async () => {
    await guest.shell.run(
      "printf '#!/bin/sh\\necho no display at all\\n' > /usr/bin/foot; chmod 755 /usr/bin/foot",
    );
    await expect(keyboard.check({ ...guest, slowness: 0.1 }, promise(swiss))).rejects.toMatchObject({
      code: 'no-window',
      evidence: expect.stringContaining('no display at all'),
    });
  });
});
