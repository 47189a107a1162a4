import { describe, expect, it } from 'vitest';
import { hostGuest, me } from '../test/host-guest.ts';
import { virtualScreen } from '../test/virtual-screen.ts';
import type { ScreenOptions } from '../test/virtual-screen.ts';
import { charactersFor, knownLayouts } from '../harness/console/layouts.ts';
import { layoutName } from './contracts/contract.ts';
import { nixosImages } from './contracts/nixos-images.ts';
import { keyboard, probe, recognise, repeated } from './keyboard.ts';

const ch = { layout: 'ch', variant: '' };

async function check(options: ScreenOptions, slowness = 1) {
  await using screen = await virtualScreen(options);
  const guest = await hostGuest({ keyboard: screen.keyboard, slowness });
  return { outcome: await keyboard.check(guest, nixosImages), evidence: guest.evidence };
}

describe.runIf(process.platform === 'linux')('keyboard', () => {
  it('passes where the keys are Swiss', async () => {
    const { outcome, evidence } = await check({});
    expect(outcome).toEqual({ verdict: 'passed' });
    expect(evidence).toEqual([
      {
        action:
          'press z y semicolon apostrophe bracket_left slash grave_accent minus backslash alt_r+2 shift+4 (places on a US keyboard) on the virtual screen',
        observed: expect.stringContaining(`into tee, run by ${me} on /dev/pts/`),
        access: 'keyboard',
      },
      {
        action: expect.stringMatching(/^read \/.*\/[a-z]{8}$/),
        observed: expect.stringMatching(
          /^owned by uid \d+, holds "yzöäü-§'\$@ç" \(797ac3b6c3a4c3bc2dc2a7272440c3a7\)$/,
        ),
        access: 'serial',
      },
      { action: 'compare with the known layouts', observed: 'as on ch or ch(de_nodeadkeys)' },
    ]);
  });

  it.each([
    ['us', { layout: 'us', variant: '' }, String.raw`zy;'[/` + '`-\\^[2$'],
    ['de or at', { layout: 'de', variant: '' }, 'yzöäü-#²$'],
    ['ch(fr) or ch(fr_nodeadkeys)', { layout: 'ch', variant: 'fr' }, "yzéàè-§'$@ç"],
  ])('fails where they are %s, and says so', async (name, layout, answer) => {
    const { outcome } = await check({ layout });
    expect(outcome).toEqual({
      verdict: 'failed',
      reason: `expected the layout ch on the virtual screen, where the pressed keys give yzöäü-§'$@ç, got ${answer}: the guest has ${name}`,
    });
  });

  it('presses again where a key was lost', async () => {
    const { outcome, evidence } = await check({
      press: (chords, count) => (count === 1 ? chords.slice(1) : chords),
    });
    expect(outcome).toEqual({ verdict: 'passed' });
    expect(evidence).toHaveLength(6);
  });

  it('is no verdict on the guest where each time another key is lost', async () => {
    // Odd presses are the probe, the others start its reader.
    const lose: ScreenOptions['press'] = (chords, count) =>
      count % 2 === 1 ? chords.filter((_, index) => index !== count) : chords;
    await expect(check({ press: lose })).rejects.toMatchObject({ name: 'HostError', code: 'keys-lost' });
  });

  it('is not the layout’s fault where nobody is logged in', async () => {
    const { outcome } = await check({ runs: 'login' }, 0.01);
    expect(outcome).toEqual({
      verdict: 'failed',
      reason: 'no shell on the virtual screen to press keys into: it asks for a login (login is waiting)',
    });
  });
});

it('skips where no layout is promised', async () => {
  const guest = await hostGuest();
  expect(await keyboard.check(guest, { ...nixosImages, keyboard: null })).toMatchObject({
    verdict: 'skipped',
  });
});

it('has a probe that tells the layout of the contract from every other, but for its twin without dead keys', () => {
  const same = knownLayouts.filter((layout) => charactersFor(layout, probe) === charactersFor(ch, probe));
  expect(same.map(layoutName)).toEqual(['ch', 'ch(de_nodeadkeys)']);
});

it('recognises a layout by its answer', () => {
  expect(recognise('yzöäü-#²$')).toBe('de or at');
  expect(recognise('?')).toBe('a layout that is not known here');
});

it.each([
  [[], undefined],
  [['a', 'b'], undefined],
  [['a', 'b', 'a'], 'a'],
])('repeated(%j) is %s', (answers, expected) => {
  expect(repeated(answers)).toBe(expected);
});
