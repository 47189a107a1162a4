import { describe, expect, it } from 'vitest';
import { hostGuest, me } from '../test/host-guest.ts';
import { virtualScreen } from '../test/virtual-screen.ts';
import type { ScreenOptions } from '../test/virtual-screen.ts';
import { nixosImages } from './contracts/systems/nixos-images.ts';
import { keyboard } from './keyboard.ts';

const ch = { layout: 'ch', variant: '' };

async function check(options: ScreenOptions, { slowness = 1, expected = ch } = {}) {
  await using screen = await virtualScreen(options);
  const guest = await hostGuest({ keyboard: screen.keyboard, slowness });
  // A VT of the host is nobody's to type into.
  const outcome = await keyboard.check(guest, { ...nixosImages, keyboard: expected });
  return { outcome, evidence: guest.evidence };
}

describe.runIf(process.platform === 'linux')('keyboard', () => {
  it('passes where the keys are Swiss', async () => {
    const { outcome, evidence } = await check({});
    expect(outcome).toEqual({ verdict: 'passed' });
    expect(evidence).toEqual([
      {
        action: 'type `tee <word>` on the virtual screen',
        observed: expect.stringContaining(`run by ${me} on /dev/pts/`),
        access: 'keyboard',
      },
      {
        action: expect.stringMatching(
          /^press letters: q w e .* AltGr: alt_r\+2 .*\(places on a US keyboard\)$/,
        ),
        observed:
          'on the virtual screen: letters: qweasmyzY; digits: 1270"*/; signs: ö\'-,:?; AltGr: @#|; dead keys: âäüeäa$a§a: as on ch',
        access: 'keyboard',
      },
    ]);
  });

  it.each([
    ['us', { layout: 'us', variant: '' }, 'letters give qweasmzyZ instead of qweasmyzY'],
    ['de or at', { layout: 'de', variant: '' }, 'digits give 1270"§/ instead of 1270"*/'],
    ['ch(fr)', { layout: 'ch', variant: 'fr' }, "signs give é'-,:? instead of ö'-,:?"],
    ['us(dvorak)', { layout: 'us', variant: 'dvorak' }, "letters give ',.aom;f: instead of qweasmyzY"],
    [
      'ch(de_nodeadkeys)',
      { layout: 'ch', variant: 'de_nodeadkeys' },
      'dead keys give ^a¨aüeäa$a§a instead of âäüeäa$a§a',
    ],
  ])('fails where they are %s, and says so', async (name, layout, difference) => {
    const { outcome } = await check({ layout }, { slowness: 0.2 });
    expect(outcome).toEqual({
      verdict: 'failed',
      reason: `expected the layout ch on the virtual screen, the guest has ${name}: its ${difference}`,
    });
  });

  it('types as the promised layout has it, where no letter is in its usual place', async () => {
    const neo = { layout: 'de', variant: 'neo' };
    expect((await check({ layout: neo }, { expected: neo })).outcome).toEqual({ verdict: 'passed' });
  });

  it('fails for a layout that is nobody’s, with the nearest', async () => {
    // A keyboard whose z and y are exchanged, on top of the Swiss ones: the letters of one, the rest of another.
    const exchange: Record<string, string> = { z: 'y', y: 'z' };
    const { outcome } = await check({
      press: (chords) => chords.map((chord) => chord.map((key) => exchange[key] ?? key)),
    });
    expect(outcome).toEqual({
      verdict: 'failed',
      reason:
        'expected the layout ch on the virtual screen, the guest has a layout that is not known here, the nearest being ch: its letters give qweasmzyZ instead of qweasmyzY',
    });
  });

  it('is not the layout’s fault where nobody is logged in', async () => {
    const { outcome } = await check({ runs: 'login' }, { slowness: 0.01 });
    expect(outcome).toEqual({
      verdict: 'failed',
      reason: 'no shell on the virtual screen to press keys into: it asks for a login (login is waiting)',
    });
  });
});

describe.runIf(process.platform === 'linux')('keys on a bad way', () => {
  /** What a guest in trouble makes of the keys of the probe, the first `times` times. */
  const trouble = (change: (at: number) => ScreenOptions['press'], times = 1): ScreenOptions => {
    let probes = 0;
    return {
      press: (chords, count) =>
        count > 0 && chords.length > 1 && ++probes <= times
          ? (change(probes)?.(chords, count) ?? chords)
          : chords,
    };
  };
  const lose =
    (at: number): ScreenOptions['press'] =>
    (chords) =>
      chords.toSpliced(at, 1);
  const repeat =
    (at: number): ScreenOptions['press'] =>
    (chords) =>
      chords.toSpliced(at, 0, chords[at] ?? []);
  const swap =
    (at: number): ScreenOptions['press'] =>
    (chords) =>
      chords.toSpliced(at, 2, chords[at + 1] ?? [], chords[at] ?? []);

  it.each([
    ['lost', lose(2), 'letters: the key e was lost'],
    ['repeated', repeat(2), 'letters: the key e came twice'],
    ['swapped', swap(2), 'letters: the key a came before e'],
    ['a Return lost', lose(9), 'a Return was lost or came twice'],
    ['a Return repeated', repeat(9), 'a Return was lost or came twice'],
  ])('%s once: it is named, and the line typed again', async (_, change, told) => {
    const { outcome, evidence } = await check(
      trouble(() => change),
      { slowness: 0.2 },
    );
    expect(outcome).toEqual({ verdict: 'passed' });
    expect(evidence).toContainEqual({
      action: 'compare what was typed with what arrived',
      observed: expect.stringContaining(told),
    });
  });

  it('is no verdict on the guest where each time another key is lost', async () => {
    // A line that has once arrived whole is not typed again, so it is the first key, and then always another.
    const checked = check(
      trouble((at) => (chords) => chords.toSpliced(at, 1), 100),
      { slowness: 0.2 },
    );
    await expect(checked).rejects.toMatchObject({ name: 'HostError', code: 'keys-lost' });
  });
});

it('skips where no layout is promised', async () => {
  const guest = await hostGuest();
  expect(await keyboard.check(guest, { ...nixosImages, keyboard: null })).toMatchObject({
    verdict: 'skipped',
  });
});
