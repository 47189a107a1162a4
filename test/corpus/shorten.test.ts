import { expect, test } from 'vitest';
import { shorten } from './shorten.ts';

const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');

test('a short log stays as it is', () => {
  const log = Buffer.from(lines(40, (index) => `[    0.${index}00000] pci: found`));
  expect(shorten(log)).toEqual({ log, shortened: false });
});

test('a long one loses what a kernel says that goes its way, and keeps what tells', () => {
  const boring = lines(2000, (index) => `[    1.${index}] pci 0000:00:00.0: found`);
  const { log, shortened } = shorten(
    Buffer.from(`GRUB\n${boring}\n[    2.0] Run /init as init process\nlogin: `),
  );
  expect(shortened).toBe(true);
  const left = log.toString().split('\n');
  expect(left[0]).toBe('GRUB');
  expect(left.slice(-2)).toEqual(['[    2.0] Run /init as init process', 'login: ']);
  expect(left.length).toBeLessThan(40);
});

test('a long one loses most of what is drawn while systemd waits', () => {
  const waiting = lines(
    2000,
    (index) => `\x1bM\r\x1b[K[ ***  ] Job dev-sda.device/start running (${index}s / 1min 30s)`,
  );
  const left = shorten(Buffer.from(`GRUB\n${waiting}\nlogin: `))
    .log.toString()
    .split('\n');
  expect(left.length).toBe(22);
  expect([left[0], left.at(-1)]).toEqual(['GRUB', 'login: ']);
});

test('what is still too long loses its middle, by whole lines', () => {
  const { log } = shorten(Buffer.from(lines(5000, (index) => `unit ${index} started`)));
  const left = log.toString().split('\n');
  expect(log.length).toBeLessThanOrEqual(40_000);
  expect(left[0]).toBe('unit 0 started');
  expect(left.at(-1)).toBe('unit 4999 started');
  expect(left.every((line) => /^unit \d+ started$/.test(line))).toBe(true);
});
