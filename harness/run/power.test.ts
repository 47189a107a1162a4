import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratchDirectory } from '../../test/scratch.ts';
import type { Shell } from '../console/shells/shell.ts';
import type { Machine, QmpEvent } from '../machine/machine.ts';
import { type Boot, followBoot } from './boot.ts';
import { MachinePower } from './power.ts';
import { Teardown } from './teardown.ts';

/** A machine whose events and words a test plays; whether it listens to anything else does not matter here. */
async function machine() {
  const events = new Set<(event: QmpEvent) => void>();
  const serial = new Set<(bytes: Uint8Array) => void>();
  const commands: string[] = [];
  const serialLog = join(await scratchDirectory(), 'serial.log');
  await writeFile(serialLog, '');
  const subscribe = <T>(listeners: Set<T>, listener: T): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const played = {
    // None whose time without a processor could be told.
    pid: -1,
    description: { arch: 'aarch64', paths: { serialLog, pidFile: serialLog } },
    exited: new Promise(() => {}),
    write: () => {},
    onSerial: (listener: (bytes: Uint8Array) => void) => subscribe(serial, listener),
    onQmpEvent: (listener: (event: QmpEvent) => void) => subscribe(events, listener),
    qmp: async (execute: string) => {
      commands.push(execute);
      return {};
    },
    cpuSeconds: () => null,
  } as unknown as Machine;
  return {
    played,
    commands,
    emit: (event: string, data: Record<string, unknown> = { guest: true }) => {
      for (const listener of events) listener({ event, data });
    },
    /** What QEMU writes to its log, and what of it is heard at once. */
    say: async (text: string, heard = text) => {
      await appendFile(serialLog, text);
      for (const listener of serial) listener(Buffer.from(heard));
    },
    hear: (text: string) => {
      for (const listener of serial) listener(Buffer.from(text));
    },
  };
}

const shell: Shell = { access: 'serial', user: 'root', run: () => Promise.reject(new Error('not run here')) };

async function setUp(budgetSeconds = 60) {
  const one = await machine();
  const interrupt = new AbortController();
  const boot = followBoot(one.played, { slowness: 1, interrupt: interrupt.signal });
  boot.watch.shellProven();
  const teardown = new Teardown();
  const entered: Boot[] = [];
  const power = new MachinePower(one.played, boot, {
    slowness: 1,
    budgetSeconds,
    interrupt: interrupt.signal,
    teardown,
    shell,
    enter: async (again) => {
      entered.push(again);
      return shell;
    },
    keepScreen: async () => one.commands.push('picture'),
  });
  const end = async (): Promise<void> => {
    boot.watch.close();
    await teardown.run();
  };
  return { ...one, boot, power, entered, [Symbol.asyncDispose]: end };
}

describe('the power button', () => {
  it.each([
    ['SHUTDOWN', { guest: true, reason: 'guest-shutdown' }, 'off'],
    ['RESET', { guest: true, reason: 'guest-reset' }, 'reset'],
    ['SUSPEND', {}, 'asleep'],
  ])('is answered by %s: nothing that ends the cell', async (event, data, deed) => {
    await using one = await setUp();
    const gone = one.power.pressButton();
    await one.say('Stopping everything\n');
    // Not the guest's own.
    one.emit('RESET', { guest: false, reason: 'host-qmp-system-reset' });
    one.emit('SHUTDOWN', { guest: true, reason: 'guest-reset' });
    one.emit(event, data);
    expect(await gone).toMatchObject({ deed, console: 'Stopping everything\n' });
    expect(one.commands).toEqual(['picture', 'system_powerdown']);
    expect(one.boot.watch.signal.aborted).toBe(false);
    expect(one.power.isOff).toBe(deed === 'off');
  });

  it('is not waited for for ever', async () => {
    await using one = await setUp(0.05);
    expect(await one.power.pressButton()).toMatchObject({ deed: 'nothing' });
    expect(one.power.isOff).toBe(false);
  });

  it('does not hide what ends the machine in another way', async () => {
    await using one = await setUp();
    const gone = one.power.pressButton();
    one.emit('BLOCK_IMAGE_CORRUPTED', { msg: 'broken' });
    await expect(gone).rejects.toMatchObject({ code: 'image-corrupt' });
  });
});

it('a shutdown that nobody asked for is a defect all the same', async () => {
  await using one = await setUp();
  const ended = one.boot.watch.guard(new Promise(() => {}));
  one.emit('SHUTDOWN', { guest: true, reason: 'guest-shutdown' });
  await expect(ended).rejects.toMatchObject({ code: 'guest-powered-off' });
});

it('a reboot is followed on a console of its own, without what the boot before still says', async () => {
  await using one = await setUp();
  await one.say('login: ');
  const gone = await one.power.afterAsking(async () => {
    await one.say('Rebooting.\nlast words\n', 'Rebooting.\n');
    one.emit('RESET', { guest: true, reason: 'guest-reset' });
  });
  expect(gone).toMatchObject({ deed: 'reset' });
  one.hear('last words\n');
  await one.say('Linux version 6.12.0\n');
  expect(await one.power.comeBack()).toMatchObject({ shell });
  const [again] = one.entered;
  expect(again?.transcript.text()).toBe('Linux version 6.12.0\n');
  expect(again?.phases.isOnSerial('kernel')).toBe(true);
  expect(one.boot.transcript.text()).toBe('login: Rebooting.\n');

  // A reset that nobody asked for ends the new boot.
  one.emit('RESET', { guest: true, reason: 'guest-reset' });
  expect(again?.watch.signal.reason).toMatchObject({ code: 'guest-reset' });
  // So it ends what waits for the machine as a whole: the checks.
  expect(one.boot.watch.signal.reason).toMatchObject({ code: 'guest-reset' });
});

it('a phase that outlives what a config gives it ends the boot', async () => {
  const one = await machine();
  const { signal } = new AbortController();
  const boot = followBoot(one.played, { slowness: 1, budgets: { kernel: 0.2 }, interrupt: signal });
  await one.say('[    0.000000] Linux version 6.12.0 (root@stub)\n');
  await expect(boot.watch.guard(new Promise(() => {}))).rejects.toMatchObject({
    code: 'boot-stuck',
    message: expect.stringContaining('stuck in phase kernel'),
  });
});
