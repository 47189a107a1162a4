import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { commandResult, type Shell } from '../harness/console/shells/shell.ts';
import { hostGuest, me } from '../test/host-guest.ts';
import { virtualScreen } from '../test/virtual-screen.ts';
import { autologin, checkSerial } from './autologin.ts';
import type { Contract } from './contracts/contract.ts';
import { nixosImages } from './contracts/systems/nixos-images.ts';

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

describe.runIf(process.platform === 'linux')('where nobody is promised', () => {
  it('a shell on the screen that runs nothing that is typed is somebody all the same', async () => {
    await using screen = await virtualScreen({ press: () => [] });
    const guest = await hostGuest({ keyboard: screen.keyboard, slowness: 0.01 });
    expect(await autologin.check(guest, promise(null))).toMatchObject({
      verdict: 'failed',
      reason: expect.stringMatching(
        /^on the virtual screen expected nobody to be logged in, but sh, run by \S+, reads its keys and ran nothing that was typed$/,
      ),
    });
  });
});

describe('on serial', () => {
  const none =
    '; the kernel has no console on ttyS0, so systemd starts no getty there: if that is meant, autologin.serial should be null in the contract';

  /** A guest of which only this is known. */
  const seen = (
    access: Shell['access'],
    serialAutologin: string | null,
    says: { consoles?: string; processes?: string; login?: string } = {},
  ) =>
    hostGuest({
      boot: { phases: {}, serialAutologin },
      shell: {
        access,
        user: 'root',
        run: async (script) => {
          const output = script.includes('console/active')
            ? `consoles ${says.consoles ?? 'tty0 ttyS0'}\r\n`
            : script.includes('cmdline')
              ? (says.login ?? '')
              : (says.processes ?? '');
          return commandResult(0, Buffer.from(output));
        },
      },
    });
  const contract = (serial: string | null): Contract => ({
    ...nixosImages,
    autologin: { screen: null, serial: { default: null, qemu: serial } },
  });

  it.each([
    ['nixos', 'nixos', null],
    ['nixos', null, 'on serial expected nixos to be logged in, got nobody'],
    ['nixos', 'root', 'on serial expected nixos to be logged in, got root'],
    [null, null, null],
    [null, 'root', 'on serial expected nobody to be logged in, got root'],
  ])('%s promised, %s logged in', async (promised, serialAutologin, problem) => {
    const guest = await seen('serial', serialAutologin);
    expect(await checkSerial(guest, contract(promised))).toBe(problem);
  });

  it('nobody where the kernel has no console there: it is said that the contract may be wrong', async () => {
    const guest = await seen('ssh', null, { consoles: 'tty0' });
    expect(await checkSerial(guest, contract('nixos'))).toBe(
      `on serial expected nixos to be logged in, got nobody${none}`,
    );
  });

  // A getty that logs in after somebody came in by SSH: 2 is agetty's login, 3 its shell, on ttyS0 (4:64).
  const processes = (user: string): string =>
    `owner /proc/2 root\nowner /proc/3 ${user}\n2 1 2 0 -1 login\n3 2 3 1088 3 bash\n`;

  it.each([
    ['by itself', processes('root'), '/bin/login -p -f root ', 'root'],
    ['with a password that was typed', processes('root'), '/bin/login -p -- ', null],
    ['without a login', 'owner /proc/3 root\n3 1 3 1088 3 sh\n', '', 'root'],
    ['not at all: a login is asked for', 'owner /proc/2 root\n2 1 2 1088 2 agetty\n', '', null],
  ])('who came %s after SSH was in', async (_, list, login, got) => {
    const guest = await seen('ssh', null, { processes: list, login });
    const problem = got === null ? null : `on serial expected nobody to be logged in, got ${got}`;
    expect(await checkSerial(guest, contract(null))).toBe(problem);
    // What came in by keys there is ours.
    expect(
      await checkSerial(await seen('keyboard', null, { processes: list, login }), contract(null)),
    ).toBeNull();
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
