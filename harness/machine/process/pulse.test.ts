import { execa } from 'execa';
import { expect, onTestFinished, test, vi } from 'vitest';
import { HostError } from '../../errors.ts';
import { watchPulse } from './pulse.ts';

const never = (): Promise<never> => new Promise(() => {});

/** What this says of a process in so many seconds of a clock that is not the host's. */
function listen(pid: number, ask: () => Promise<unknown>, slowness = 1) {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const heard: HostError[] = [];
  const end = watchPulse(pid, ask, { slowness, onLost: (error) => heard.push(error) });
  onTestFinished(end);
  return { heard, pass: (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000) };
}

/** A process that was stopped. */
async function stoppedProcess(): Promise<number> {
  const subprocess = execa('sleep', ['1000'], { reject: false });
  const { pid = 0 } = subprocess;
  onTestFinished(async () => {
    subprocess.kill('SIGKILL');
    await subprocess;
  });
  process.kill(pid, 'SIGSTOP');
  // The signal takes effect when the kernel gets to it.
  const state = async () => (await execa('ps', ['-o', 'stat=', '-p', String(pid)])).stdout;
  await vi.waitUntil(async () => (await state()).startsWith('T'), { timeout: 60_000 });
  return pid;
}

test('nothing is said of one that answers', async () => {
  const ask = vi.fn(() => Promise.resolve());
  const { heard, pass } = listen(process.pid, ask);
  await pass(600);
  expect(heard).toEqual([]);
  expect(ask.mock.calls.length).toBeGreaterThan(300);
});

test('one that was stopped is told from one that hangs, within a quarter of a minute', async () => {
  const { heard, pass } = listen(await stoppedProcess(), never);
  await pass(9);
  expect(heard).toEqual([]);
  await pass(6);
  expect(heard).toMatchObject([{ code: 'qemu-stopped', message: expect.stringContaining('SIGSTOP') }]);
});

test('one that was stopped for a moment and answers again is sound', async () => {
  const ask = () => new Promise((resolve) => setTimeout(resolve, 9000));
  const { heard, pass } = listen(await stoppedProcess(), ask);
  await pass(120);
  expect(heard).toEqual([]);
});

test('one that runs gets more time, and more of it on a slow machine', async () => {
  const { heard, pass } = listen(process.pid, never, 3);
  await pass(85);
  expect(heard).toEqual([]);
  await pass(10);
  expect(heard).toMatchObject([{ code: 'qemu-hangs' }]);
  expect(heard[0]).toBeInstanceOf(HostError);
});

test('a connection that ended is told once it is clear that QEMU goes on without it', async () => {
  const lost = new HostError('qmp-lost', 'gone');
  const { heard, pass } = listen(process.pid, () => Promise.reject(lost));
  await pass(2);
  expect(heard).toEqual([]);
  await pass(3);
  expect(heard).toEqual([lost]);
});
