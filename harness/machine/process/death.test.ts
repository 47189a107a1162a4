import { expect, test } from 'vitest';
import { beforeStart, qemuDied } from './death.ts';
import type { MachineExit } from '../machine.ts';

const exit = (over: Partial<MachineExit>): MachineExit => ({
  code: null,
  signal: null,
  stderr: '',
  oomKilled: false,
  ...over,
});
const running = 'while the guest was running';

test('a signal is named, with what may have sent it', () => {
  expect(qemuDied(exit({ signal: 9 }), running)).toMatchObject({
    code: 'qemu-killed',
    message: 'QEMU was killed by signal 9 (SIGKILL) while the guest was running',
    hint: expect.stringContaining('OOM killer'),
    transient: true,
  });
  expect(qemuDied(exit({ signal: 11 }), running)).toMatchObject({
    message: expect.stringContaining('(SIGSEGV)'),
    hint: expect.stringContaining('crashed'),
  });
});

test("the kernel's OOM killer and what QEMU says itself are the better reasons", () => {
  expect(qemuDied(exit({ signal: 9, oomKilled: true }), running)).toMatchObject({
    code: 'out-of-memory',
    message: expect.stringContaining("the kernel's OOM killer was at work"),
  });
  expect(qemuDied(exit({ code: 1, stderr: 'x: Cannot allocate memory\n' }), beforeStart)).toMatchObject({
    code: 'out-of-memory',
    transient: true,
  });
});

test('what QEMU refuses at its start it would refuse again; what ended it later is gone', () => {
  const stderr = 'could not open disk image x.img: No such file or directory\n';
  expect(qemuDied(exit({ code: 1, stderr }), beforeStart)).toMatchObject({
    code: 'qemu-died',
    message: `QEMU ended with exit code 1 before the machine ran; it said: ${stderr.trim()}`,
    transient: false,
  });
  const terminated = exit({ code: 0, stderr: 'terminating on signal 15 from pid 1' });
  expect(qemuDied(terminated, running)).toMatchObject({ code: 'qemu-died', transient: true });
});
