import { afterAll, describe, expect, it } from 'vitest';
import { nixosImages } from '../../../../scenarios/contracts/systems/nixos-images.ts';
import type { Shell } from '../../../console/shells/shell.ts';
import type { Access } from '../../../events.ts';
import { keys } from './keys.ts';
import { ownKey } from './own-key.ts';
import { serial } from './serial.ts';
import { vsock } from './vsock.ts';
import type { AccessOptions, Attempt, WayIn, WayName } from './way.ts';

/** A way that opened; its sudo asks for a password unless it is root's. */
const opened = (access: Access, user: string, serialAutologin: string | null = null): WayIn => {
  const run: Shell['run'] = async () => ({ status: 1, output: '', bytes: new Uint8Array() });
  return { shell: { access, user, run }, serialAutologin };
};

const ends = new AbortController();
// Whoever still waits for a grace waits in vain.
afterAll(() => ends.abort());

/** The other ways of an attempt. */
const beside = (ways: Partial<Record<WayName, Promise<WayIn>>>): Attempt =>
  ({
    slowness: 1,
    signal: ends.signal,
    opened: (way: WayName) => ways[way] ?? new Promise<never>(() => {}),
  }) as Partial<Attempt> as Attempt;

describe('serial', () => {
  const ofUser = opened('serial', 'nixos', 'nixos');

  it('is the way in where it is root', async () => {
    const ofRoot = opened('serial', 'root');
    expect(await serial.orBetter?.(ofRoot, beside({ ssh: Promise.resolve(opened('ssh', 'root')) }))).toBe(
      ofRoot,
    );
  });

  it("leaves it to root's SSH where it is not, and whom it logged in is known all the same", async () => {
    const found = await serial.orBetter?.(ofUser, beside({ ssh: Promise.resolve(opened('ssh', 'root')) }));
    expect(found).toMatchObject({ shell: { access: 'ssh' }, serialAutologin: 'nixos' });
  });

  it('is the way in where SSH is none', async () => {
    expect(await serial.orBetter?.(ofUser, beside({ ssh: Promise.reject(new Error('refused')) }))).toBe(
      ofUser,
    );
  });
});

describe('a key of our own', () => {
  it.each<WayName>(['serial', 'second-console'])(
    'leaves it to %s, which takes no part of a check away',
    async (way) => {
      const console = opened('serial', 'root');
      expect(
        await ownKey.orBetter?.(opened('ssh', 'root'), beside({ [way]: Promise.resolve(console) })),
      ).toBe(console);
    },
  );
});

describe('what a way needs', () => {
  const options = (more: Partial<AccessOptions>): AccessOptions =>
    ({ contract: nixosImages, ...more }) as Partial<AccessOptions> as AccessOptions;
  const ssh = { host: '127.0.0.1', port: 22 };

  it('is somebody on the screen of an image that boots as it ships, for keys', () => {
    const nobody = { ...nixosImages, autologin: { ...nixosImages.autologin, screen: null } };
    expect(keys.needs(options({}))).toBe(nixosImages.autologin.screen);
    expect(keys.needs(options({ rung: 'credentials' }))).toBe(undefined);
    expect(keys.needs(options({ contract: nobody }))).toBe(undefined);
  });

  it('is a vsock and the key that its server was given', () => {
    const key = { user: 'root', privateKey: '/key' };
    expect(vsock.needs(options({ vsock: ssh, ownKey: key }))).toEqual({ key, ssh });
    expect(vsock.needs(options({ vsock: ssh }))).toBe(undefined);
    expect(vsock.needs(options({ ownKey: key }))).toBe(undefined);
  });
});
