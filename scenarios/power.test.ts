import { describe, expect, it } from 'vitest';
import { hostGuest } from '../test/host-guest.ts';
import type { GoneDown, Power } from '../harness/console/power.ts';
import { commandResult, type Shell } from '../harness/console/shells/shell.ts';
import { GuestError, HostError } from '../harness/errors.ts';
import { nixosImages } from './contracts/systems/nixos-images.ts';
import { power } from './power.ts';

const off = { ...nixosImages, power: { off: true, reboot: {} } };
const reboot = { ...nixosImages, power: { off: true, reboot: { default: false, qemu: true } } };

const gone = (deed: GoneDown['deed'], console = ''): GoneDown => ({ deed, seconds: 5.04, console });

/** A shell that gives these answers in turn, the last one for ever. */
function shellWith(access: Shell['access'], ...answers: (string | Error)[]): Shell {
  return {
    access,
    user: 'root',
    run: async () => {
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer instanceof Error) throw answer;
      return commandResult(0, Buffer.from(answer ?? ''));
    },
  };
}

const noAnswer = new GuestError('command-timeout', 'no answer by serial within 20 s');
const firstBoot = '11111111-2222-3333-4444-555555555555\n';
const secondBoot = '11111111-2222-3333-4444-666666666666\n';

interface Case {
  contract?: typeof off;
  shell?: Shell;
  machine?: Partial<Power>;
}

async function check({ contract = off, shell = shellWith('serial', noAnswer), machine = {} }: Case) {
  const pressed: string[] = [];
  const guest = await hostGuest({
    shell,
    power: {
      pressButton: async () => {
        pressed.push('button');
        return gone('off');
      },
      afterAsking: async (ask) => {
        await ask();
        return gone('reset');
      },
      comeBack: async () => ({ shell: shellWith('serial', secondBoot), seconds: 40 }),
      ...machine,
    },
  });
  const outcome = await power.check(guest, contract);
  return { outcome, evidence: guest.evidence, pressed };
}

describe('power-off', () => {
  it('passes where the button switches the machine off', async () => {
    const { outcome, evidence } = await check({});
    expect(outcome).toEqual({ verdict: 'passed' });
    expect(evidence).toEqual([{ action: 'press the power button (ACPI)', observed: 'off after 5.0 s' }]);
  });

  it('names the job that systemd waits for', async () => {
    const console = [
      '[  OK  ] Stopped target timers.target - Timer Units.',
      '[*     ] A stop job is running for D-Bus System Message Bus (3s / 1min 30s)',
      '[**    ] Job hangs.service/stop running (12s / no limit)',
      'last words',
    ].join('\n');
    const { outcome, evidence } = await check({
      machine: { pressButton: async () => gone('nothing', console) },
    });
    expect(outcome).toEqual({
      verdict: 'failed',
      reason: 'asked to power off, 5 s later still running: stop job hangs.service',
    });
    expect(evidence).toContainEqual({
      action: 'the console since then',
      observed: console,
      access: 'serial',
    });
    expect(evidence).toContainEqual({ action: 'screenshot', observed: 'still-up.png' });
  });

  it.each([
    ['[**    ] A stop job is running for User Manager for UID 0 (1min 3s / 2min)', 'User Manager for UID 0'],
    ['[**    ] (2 of 3) Job user@0.service/stop running (1min 3s / 2min)', 'user@0.service'],
    ['[**    ] (2 of 3) Job user@0.service/stop running (3s / 2min): Reached exit.target', 'user@0.service'],
    [
      '[**    ] (2 of 3) Job systemd-networkd-wait-on…op running (10min 30s / 1h)',
      'systemd-networkd-wait-on…',
    ],
  ])('names it in %s', async (line, job) => {
    const console = `${line}\r\n[ *    ] Job late.service/start running (2s / no limit)\r\n`;
    const { outcome } = await check({ machine: { pressButton: async () => gone('nothing', console) } });
    expect(outcome).toMatchObject({
      reason: `asked to power off, 5 s later still running: stop job ${job}`,
    });
  });

  it('asks a guest that still answers', async () => {
    const jobs = 'system stopping\n  12 hangs.service stop running\n  13 poweroff.target start waiting\n';
    const { outcome } = await check({
      shell: shellWith('serial', jobs),
      machine: { pressButton: async () => gone('nothing') },
    });
    expect(outcome).toMatchObject({
      reason: 'asked to power off, 5 s later still running: stop job hangs.service',
    });
  });

  it.each([
    ['system running\nlogind active\ns "ignore"\n', 'systemd is running, HandlePowerKey is ignore'],
    ['system degraded\nlogind inactive\n', 'systemd is degraded, systemd-logind is inactive'],
  ])('tells a button that is ignored', async (state, reason) => {
    const { outcome } = await check({
      shell: shellWith('serial', state),
      machine: { pressButton: async () => gone('nothing') },
    });
    expect(outcome).toMatchObject({ reason: `asked to power off, 5 s later still running: ${reason}` });
  });

  it.each([
    ['reset', 'asked to power off, the machine reset itself 5 s later'],
    ['asleep', 'asked to power off, the machine went to sleep 5 s later'],
  ] as const)('tells a machine that did something else: %s', async (deed, reason) => {
    const { outcome } = await check({ machine: { pressButton: async () => gone(deed) } });
    expect(outcome).toEqual({ verdict: 'failed', reason });
  });

  it('says so where nothing answers any more', async () => {
    const { outcome } = await check({ machine: { pressButton: async () => gone('nothing') } });
    expect(outcome).toMatchObject({ reason: /nothing answers any more, and the console names no stop job$/ });
  });
});

describe('reboot', () => {
  it('passes where another boot answers by the same way, and then the machine goes off', async () => {
    const { outcome, evidence, pressed } = await check({
      contract: reboot,
      shell: shellWith('serial', firstBoot),
    });
    expect(outcome).toEqual({ verdict: 'passed' });
    expect(evidence.map(({ observed }) => observed)).toEqual([
      'reset after 5.0 s',
      'root by serial 40.0 s after the reset',
      `before ${firstBoot.trim()}, after ${secondBoot.trim()}`,
      'off after 5.0 s',
    ]);
    expect(pressed).toEqual(['button']);
  });

  it('is not tried where another format promises it', async () => {
    const { outcome, evidence } = await check({
      contract: { ...off, power: { off: true, reboot: { raw: true } } },
    });
    expect(outcome).toEqual({ verdict: 'passed' });
    expect(evidence).toHaveLength(1);
  });

  it('tells the same boot from another, and leaves it on', async () => {
    const { outcome, pressed } = await check({
      contract: reboot,
      shell: shellWith('serial', firstBoot),
      machine: { comeBack: async () => ({ shell: shellWith('serial', firstBoot), seconds: 1 }) },
    });
    expect(outcome).toMatchObject({ reason: /^expected another boot_id after the reboot than 1{8}-/ });
    expect(pressed).toEqual([]);
  });

  it('tells another way in', async () => {
    const { outcome } = await check({
      contract: reboot,
      shell: shellWith('serial', firstBoot),
      machine: { comeBack: async () => ({ shell: shellWith('ssh', secondBoot), seconds: 1 }) },
    });
    expect(outcome).toMatchObject({
      reason: 'expected the way in by serial again after the reboot, got ssh',
    });
  });

  it('tells a machine that powers off instead', async () => {
    const { outcome } = await check({
      contract: reboot,
      shell: shellWith('serial', firstBoot),
      machine: { afterAsking: async () => gone('off') },
    });
    expect(outcome).toEqual({
      verdict: 'failed',
      reason: 'asked to reboot, the machine powered off 5 s later',
    });
  });

  it('tells a boot that fails, and takes no host for a guest', async () => {
    const failing = (error: Error) =>
      check({
        contract: reboot,
        shell: shellWith('serial', firstBoot),
        machine: {
          comeBack: async () => {
            throw error;
          },
        },
      });
    await expect(failing(new GuestError('kernel-panic', 'kernel panic: no root'))).rejects.toMatchObject({
      name: 'GuestError',
      code: 'kernel-panic',
      message: 'it rebooted and did not come back: kernel panic: no root',
    });
    await expect(failing(new HostError('qemu-died', 'QEMU ended'))).rejects.toMatchObject({
      name: 'HostError',
      message: 'QEMU ended',
    });
  });
});

it.each([
  [null, 'the contract promises nothing about power'],
  [{ off: false, reboot: { raw: true } }, 'the contract promises neither power-off nor, of qemu, a reboot'],
])('is skipped where nothing is promised', async (promised, reason) => {
  const guest = await hostGuest();
  expect(await power.check(guest, { ...nixosImages, power: promised })).toEqual({
    verdict: 'skipped',
    reason,
  });
});
