import { afterEach, expect, it, vi } from 'vitest';
import { FailureWatcher } from './signs/failures.ts';
import { PhaseTracker } from './signs/phases.ts';
import { seededRandom } from './testing/random.ts';
import { Transcript } from './serial/transcript.ts';

afterEach(() => vi.restoreAllMocks());

const kernelLine = '[   12.345678] usb 1-1: new high-speed USB device\r\n';

/** What reading an output of so many bytes costs: characters given to regular expressions, and how often that was. */
function costOf(data: Buffer, chunk: number): { characters: number; executions: number; told: number } {
  const transcript = new Transcript();
  const phases = new PhaseTracker();
  phases.watch(transcript);
  new FailureWatcher(phases).watch(transcript);
  let told = 0;
  transcript.onLine((line) => (told += line.length));
  void transcript.waitFor(/no guest says this/);
  const cost = { characters: 0, executions: 0, told };
  const exec = RegExp.prototype.exec;
  // `test` and `matchAll` go through `exec`, too.
  const spy = vi.spyOn(RegExp.prototype, 'exec').mockImplementation(function (this: RegExp, text) {
    cost.executions += 1;
    cost.characters += this.global || this.sticky ? text.length - this.lastIndex : text.length;
    return exec.call(this, text);
  });
  for (let at = 0; at < data.length; at += chunk) transcript.append(data.subarray(at, at + chunk));
  spy.mockRestore();
  return { ...cost, told };
}

const random = (length: number): Buffer => {
  const next = seededRandom(3);
  return Buffer.from(Uint8Array.from({ length }, () => next() * 256));
};

it.each([
  ['without a newline', 'x', 4096],
  ['of escape sequences', '\x1b[1;31m', 4096],
  ['of carriage returns', '\r', 4096],
  ['of lines of one letter', 'a\r', 4096],
  ['of unfinished OSC strings', '\x1b]0;title', 4096],
  ['of kernel messages', kernelLine, 4096],
  ['of lines that messages tore', `a${kernelLine}`, 4096],
  ['of brackets', '[', 4096],
  ['of random bytes', null, 4096],
  ['in chunks of 100 bytes', kernelLine, 100],
  ['without a newline in chunks of 100 bytes', 'x', 100],
])('an output %s costs the same for each byte, however long it is', (_, unit, chunk) => {
  const [short, long] = [25_000, 200_000].map((length) =>
    costOf(unit === null ? random(length) : Buffer.alloc(length, unit), chunk),
  );
  expect(long?.characters).toBeLessThanOrEqual(8.5 * (short?.characters ?? 0) + 20_000);
  expect(long?.executions).toBeLessThanOrEqual(8.5 * (short?.executions ?? 0) + 100);
});

it('each character of an endless line is told once, in pieces', () => {
  const { told } = costOf(Buffer.alloc(409_600, 'x'), 100);
  expect(told).toBeGreaterThan(400_000);
  expect(told).toBeLessThanOrEqual(409_600);
});
