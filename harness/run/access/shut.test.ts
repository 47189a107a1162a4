import { describe, expect, it } from 'vitest';
import { Transcript } from '../../console/serial/transcript.ts';
import { PhaseTracker } from '../../console/signs/phases.ts';
import { GuestError, HostError } from '../../errors.ts';
import { Quiet } from '../watch/quiet.ts';
import { tryToTheEnd } from './shut.ts';
import type { Attempt, WayIn, WayName } from './ways/way.ts';

const opens = Promise.resolve({} as WayIn);
const waits = new Promise<never>(() => {});
const isNotThere = (): Promise<never> => Promise.reject(new HostError('no-such-way', 'not there'));
const refuses = (why: string): Promise<never> => {
  const refused = Promise.reject<never>(new GuestError('x', why));
  // It may not be asked before all others were.
  refused.catch(() => {});
  return refused;
};

/** What all ways came to whose outcome is this; the others are not there. A second of silence is a millisecond. */
const triedWith = (outcomes: Partial<Record<WayName, Promise<WayIn>>>): Attempt => {
  const transcript = new Transcript();
  return {
    slowness: 0.001,
    signal: new AbortController().signal,
    phases: new PhaseTracker(),
    quiet: new Quiet(transcript),
    port: { transcript, write: () => {} },
    opened: (way: WayName) => outcomes[way] ?? isNotThere(),
  } as Partial<Attempt> as Attempt;
};

describe('all ways in are shut', () => {
  it('where none of them opened, and those that refused say why', async () => {
    const attempt = triedWith({
      serial: waits,
      ssh: refuses('no key'),
      vsock: refuses('no server'),
      keys: refuses('no shell'),
    });
    expect(await tryToTheEnd(attempt, 'ssh')).toMatchObject({
      code: 'no-way-in',
      message:
        'no way in: its SSH server answers, but no login prompt or shell answered on the serial port; ' +
        'no key; no shell; no server',
    });
  });

  it('without a word of SSH where its server never greeted, which is not waited for', async () => {
    const end = await tryToTheEnd(triedWith({ serial: waits, ssh: waits, 'guest-agent': waits }), 'idle');
    expect(end?.message).toBe(
      'no way in: the guest is idle, but no login prompt or shell answered on the serial port',
    );
  });

  it.each<WayName>(['serial', 'ssh', 'own-key', 'guest-agent', 'keys'])(
    'never where %s opened, though it waits for a better way',
    async (way) => {
      expect(await tryToTheEnd(triedWith({ serial: waits, [way]: opens }), 'idle')).toBe(null);
    },
  );
});
