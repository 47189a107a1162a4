import { describe, expect, test } from 'vitest';
import { GuestError, HostError } from '../../errors.ts';
import type { Rung } from '../../events.ts';
import { climb } from './ladder.ts';
import { NoWayIn } from './no-way-in.ts';
import type { Conclusion } from '../verdict.ts';

const passed: Conclusion = { verdict: 'passed', reason: '', transient: false };
const closed = (sign: 'ssh' | 'idle'): NoWayIn =>
  new NoWayIn(sign, ['no login prompt or shell answered on the serial port'], 'log');

/** Climbs with what each rung comes to: a conclusion, or an error. */
async function climbWith(results: Partial<Record<Rung, Conclusion | Error>>, gotIn = false) {
  const shut: string[] = [];
  const conclusion = await climb({
    rungs: Object.keys(results) as Rung[],
    boot: async (rung) => {
      const result = results[rung];
      if (result === undefined || result instanceof Error) throw result;
      return result;
    },
    gotIn: () => gotIn,
    onShut: ({ rung }, next) => shut.push(`${rung} > ${next}`),
  });
  return { conclusion, shut };
}

describe('the ladder', () => {
  test('ends with the first boot that lets somebody in', async () => {
    expect(await climbWith({ shipped: passed, credentials: new Error('unasked') })).toEqual({
      conclusion: passed,
      shut: [],
    });
    expect(await climbWith({ shipped: closed('idle'), credentials: passed })).toEqual({
      conclusion: passed,
      shut: ['shipped > credentials'],
    });
  });

  test('a serial console that asks for a login is one that lets nobody in', async () => {
    const asks = new GuestError('login-required', 'It asks.');
    expect((await climbWith({ shipped: asks, credentials: passed })).conclusion).toBe(passed);
  });

  test.each([
    new GuestError('boot-stuck', 'stuck in phase initrd'),
    new GuestError('login-refused', 'The login was refused.'),
    new HostError('qemu-died', 'QEMU died.'),
    new Error('a defect'),
  ])('is not climbed after %s', async (error) => {
    await expect(climbWith({ shipped: error, credentials: passed })).rejects.toBe(error);
  });

  test('a guest that its host kept from running, and that showed no sign of life, is not blamed in the end', async () => {
    const starved = (sign: 'ssh' | 'idle'): NoWayIn =>
      Object.assign(closed(sign), { starvation: 'for 90 of 120 s it waited for a processor of the host' });
    const hosts = { name: 'HostError', code: 'host-too-busy', transient: true };
    await expect(climbWith({ shipped: starved('idle') })).rejects.toMatchObject(hosts);
    const menu = new GuestError('no-boot-menu', 'no menu');
    await expect(climbWith({ shipped: starved('idle'), menu })).rejects.toMatchObject({
      ...hosts,
      message: expect.stringMatching(/no menu; but for 90 of 120 s it waited/),
    });
    expect((await climbWith({ shipped: starved('idle'), kernel: passed })).conclusion).toMatchObject({
      verdict: 'error',
      transient: true,
    });
    // A way further down is tried first, and where it is found there is nobody to blame.
    expect((await climbWith({ shipped: starved('idle'), credentials: passed })).conclusion).toBe(passed);
    await expect(climbWith({ shipped: starved('ssh') })).rejects.toMatchObject({ code: 'no-way-in' });
  });

  test('what ends a guest in which commands ran is no matter of the way in', async () => {
    const asks = new GuestError('login-required', 'It asks.');
    await expect(climbWith({ shipped: asks, credentials: passed }, true)).rejects.toBe(asks);
  });

  test('when all rungs are shut the verdict is the first one, with what came of the others', async () => {
    const panic = new GuestError('kernel-panic', 'kernel panic', { evidence: 'the panic' });
    const rejected = climbWith({ shipped: closed('idle'), credentials: closed('idle'), kernel: panic });
    await expect(rejected).rejects.toMatchObject({
      code: 'no-way-in',
      message: expect.stringMatching(
        /^no way in: the guest is idle, but no login prompt or shell answered on the serial port; with systemd's credentials .*: no way in: .*; with its kernel started directly .*: kernel panic$/,
      ),
      evidence: 'the panic',
    });
  });

  test("the host's failure of a later rung is the host's", async () => {
    const error = new HostError('program-missing', 'bsdtar is not on PATH.');
    await expect(climbWith({ shipped: closed('ssh'), kernel: error })).rejects.toBe(error);
  });
});

describe('a kernel that was started directly', () => {
  test('passes only where the image as it ships gave a sign that its boot is done', async () => {
    expect((await climbWith({ shipped: closed('ssh'), kernel: passed })).conclusion).toBe(passed);
    expect((await climbWith({ shipped: closed('idle'), kernel: passed })).conclusion).toMatchObject({
      verdict: 'failed',
      code: 'bootloader-unproven',
    });
  });

  test('is not what a kernel is that its bootloader started with other words', async () => {
    expect((await climbWith({ shipped: closed('idle'), menu: passed })).conclusion).toBe(passed);
  });

  test('passes where it is the way that the format is booted', async () => {
    expect((await climbWith({ kernel: passed })).conclusion).toBe(passed);
  });

  test('a failure stays what it is', async () => {
    const failed: Conclusion = { verdict: 'failed', reason: 'flakes: off', transient: false };
    expect((await climbWith({ shipped: closed('idle'), kernel: failed })).conclusion).toBe(failed);
  });
});
