import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { commandResult } from '../harness/console/shells/shell.ts';
import { hostGuest, me } from '../test/host-guest.ts';
import { virtualScreen } from '../test/virtual-screen.ts';
import { autologin, checkSerial } from './autologin.ts';
import type { Contract } from './contracts/contract.ts';
import { nixosImages } from './contracts/nixos-images.ts';

const promise = (screen: string | null): Contract => ({
  ...nixosImages,
  autologin: { screen, serial: { default: null } },
});

describe.runIf(process.platform === 'linux')('on the virtual screen', () => {
  it.each(['us', 'de', 'fr', 'ch'])('passes whatever the layout is: %s', async (layout) => {
    await using screen = await virtualScreen({ layout: { layout, variant: '' } });
    const guest = await hostGuest({ keyboard: screen.keyboard });
    expect(await autologin.check(guest, promise(me))).toEqual({ verdict: 'passed' });
    const [, typed, kept] = guest.evidence;
    expect(typed).toMatchObject({
      access: 'keyboard',
      observed: expect.stringMatching(/^run by \S+ \(uid \d+\) on \/dev\/pts\/\d+ < tee < sh < kmscon/),
    });
    expect(kept).toMatchObject({ access: 'serial', observed: expect.stringMatching(/holds "[a-z]{8}"/) });
    expect((await readdir(screen.directory)).toSorted()).toEqual(['kmscon', 'login']);
  });

  it('tells that somebody else is logged in', async () => {
    await using screen = await virtualScreen();
    const guest = await hostGuest({ keyboard: screen.keyboard });
    expect(await autologin.check(guest, promise('somebody'))).toMatchObject({
      verdict: 'failed',
      reason: expect.stringMatching(
        new RegExp(`^on the virtual screen expected somebody to be logged in, got ${me} \\(uid \\d+\\)$`),
      ),
    });
  });

  it('tells that somebody is logged in where nobody should be', async () => {
    await using screen = await virtualScreen();
    const guest = await hostGuest({ keyboard: screen.keyboard });
    expect(await autologin.check(guest, promise(null))).toMatchObject({
      verdict: 'failed',
      reason: expect.stringContaining('expected nobody to be logged in, got'),
    });
  });

  it('tells that a login is asked for, with what the screen shows', async () => {
    await using screen = await virtualScreen({ runs: 'login' });
    const guest = await hostGuest({ keyboard: screen.keyboard, slowness: 0.01 });
    expect(await autologin.check(guest, promise('root'))).toEqual({
      verdict: 'failed',
      reason:
        'on the virtual screen expected root to be logged in, but it asks for a login (login is waiting)',
    });
    expect(guest.evidence.map(({ action }) => action)).toContain('screenshot');
    expect(await autologin.check(guest, promise(null))).toEqual({ verdict: 'passed' });
  });
});

describe('on serial', () => {
  it.each([
    ['iso-installer', 'nixos', null],
    ['iso-installer', null, 'on serial expected nixos to be logged in, got nobody'],
    ['iso-installer', 'root', 'on serial expected nixos to be logged in, got root'],
    ['qemu', null, null],
    ['qemu', 'root', 'on serial expected nobody to be logged in, got root'],
  ])('%s with %s logged in', async (format, serialAutologin, problem) => {
    const guest = await hostGuest({ format, boot: { phases: {}, serialAutologin } });
    expect(checkSerial(guest, nixosImages)).toBe(problem);
    expect(guest.evidence).toHaveLength(1);
  });

  it('is told also where whoever is logged in there cannot look at the screen', async () => {
    const refusing = {
      access: 'serial',
      user: 'nixos',
      run: async () => commandResult(1, Buffer.from('no sudo')),
    } as const;
    await using screen = await virtualScreen();
    const { keyboard } = screen;
    const boot = { phases: {}, serialAutologin: 'nixos' };
    const guest = await hostGuest({ keyboard, shell: refusing, boot, slowness: 0.01 });
    expect(await autologin.check(guest, nixosImages)).toEqual({
      verdict: 'failed',
      reason: 'on serial expected nobody to be logged in, got nixos',
    });
    const kept = await hostGuest({ keyboard, shell: refusing, slowness: 0.01 });
    await expect(autologin.check(kept, nixosImages)).rejects.toMatchObject({ code: 'no-root' });
  });
});
