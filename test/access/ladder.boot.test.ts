import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readEventLog } from '../cli.ts';
import { become } from '../defects/make/contents.ts';
import { disk } from '../defects/make/disk.ts';
import { netboot } from '../defects/make/netboot.ts';
import { type MadeImagesRun, judgeMadeImages } from '../made-images.ts';
import { asks, closedContract, masked, noScreen, silent } from './shut.ts';

/** Images that let somebody in by one way only, since every other is shut. */
const images = {
  /** A getty on a console that nobody masked, with a login that the machine gives. */
  'second-console': disk('qemu', { root: [silent(), noScreen, asks, masked('serial-getty@ttyS0.service')] }),
  /** A key that the machine gives, where no getty starts at all and none is authorized. */
  'own-key': disk('qemu', {
    root: [
      silent(),
      noScreen,
      masked('serial-getty@.service'),
      { path: '/root/.ssh/authorized_keys', remove: true },
    ],
  }),
  /** A kernel that is told to speak on serial, where systemd takes nothing from the machine and no menu is shown. */
  'direct-kernel': netboot({
    'netboot.ipxe': become(
      '#!ipxe\nimgfree\nkernel bzImage initrd=initrd root=fstab systemd.import_credentials=no\ninitrd initrd\nboot\n',
    ),
  }),
};

/** Without a private key and without anybody on the screen: what a maintainer has who tests a plain image. */
const contract = {
  ...closedContract,
  sshd: { user: 'root', authorizedKey: 'ssh-ed25519', permitRootLogin: 'yes' },
};

describe('the ladder of access', () => {
  let run: MadeImagesRun;
  const cellOf = (name: keyof typeof images) =>
    run.summary.cells.find(({ id }) =>
      name === 'direct-kernel' ? id.startsWith('netboot.') : id.endsWith(`.${name}`),
    );
  const verdicts = (name: keyof typeof images): Record<string, string> =>
    Object.fromEntries(cellOf(name)?.checks.map((check) => [check.name, check.verdict]) ?? []);

  beforeAll(async () => {
    run = await judgeMadeImages({ images, contract, filters: ['*.bios.*'] });
  });
  afterAll(() => run.world[Symbol.asyncDispose]());

  test('a getty on the second console, where that of the first is masked; its login proves nothing', () => {
    expect(cellOf('second-console')).toMatchObject({
      verdict: 'passed',
      access: 'credentials',
      shut: [{ rung: 'shipped', reason: expect.stringContaining('its SSH server answers') }],
    });
    expect(verdicts('second-console')).toMatchObject({
      flakes: 'passed',
      sshd: 'passed',
      autologin: 'skipped',
    });
  });

  test('a key of our own, which is none that the image promises', () => {
    expect(cellOf('own-key')).toMatchObject({ access: 'credentials', shut: [{ rung: 'shipped' }] });
    expect(verdicts('own-key')).toMatchObject({ flakes: 'passed', sshd: 'failed' });
    const sshd = cellOf('own-key')?.checks.find(({ name }) => name === 'sshd');
    expect(sshd?.reason).toMatch(/^expected a key of type ssh-ed25519 to be authorized in .*, got none$/);
  });

  test('its kernel, started directly and told to speak on serial, last of all', () => {
    expect(cellOf('direct-kernel')).toMatchObject({
      access: 'kernel',
      shut: [
        { rung: 'shipped' },
        { rung: 'credentials' },
        { rung: 'menu', reason: expect.stringContaining('iPXE starts its kernel without a menu') },
      ],
    });
    // Its screen logs root in, which this contract forbids: so that nobody gets in there by keys.
    expect(verdicts('direct-kernel')).toMatchObject({
      flakes: 'passed',
      sshd: 'passed',
      autologin: 'failed',
    });
  });

  test('each check tells by which way it came in, and the bytes are what they were', async () => {
    const events = await readEventLog(run.world);
    const accesses = events.flatMap((event) => (event.type === 'access' ? [event.access] : []));
    expect(accesses.toSorted()).toEqual(['credentials', 'credentials', 'kernel']);
    const flakes = run.summary.cells.flatMap(({ checks }) => checks.filter(({ name }) => name === 'flakes'));
    expect(flakes).toMatchObject(run.summary.cells.map(({ access }) => ({ access: [access] })));
    for (const { before, after } of run.summary.digests) expect(after).toBe(before);
  });
});
