import { describe, expect, it } from 'vitest';
import { NewLines } from './new-lines.ts';

it('counts each line once, whatever numbers and stars are in it', () => {
  const lines = new NewLines();
  for (let second = 0; second < 90; second++) {
    const stars = '*'.repeat(1 + (second % 3)).padStart(6);
    lines.add(`[${stars}] A start job is running for /dev/vda1 (${second}s / 1min 30s)`);
  }
  expect(lines.count).toBe(1);
  lines.add('[ TIME ] Timed out waiting for device /dev/vda1.');
  expect(lines.count).toBe(2);
});

describe('a job that is waited for is news once', () => {
  const times = [...Array(200).keys()].map((second) =>
    second < 60
      ? `${second}s`
      : `${Math.floor(second / 60)}min${second % 60 === 0 ? '' : ` ${second % 60}s`}`,
  );
  const stars = (time: string): string => '*'.repeat(1 + (time.length % 3)).padStart(6);

  it.each([
    [
      'by its description',
      (time: string) => `A stop job is running for User Manager for UID 0 (${time} / 2min)`,
    ],
    ['by its name', (time: string) => `Job dev-ttyS0.device/start running (${time} / 1min 30s)`],
    [
      'in turn',
      (time: string) => `(${1 + (time.length % 2)} of 2) Job nix.service/stop running (${time} / no limit)`,
    ],
    [
      'where a narrow console cuts more of its name, the longer it takes',
      (time: string) =>
        `(1 of 4) Job systemd-tmpfiles-setup-dev.service`.slice(0, 40 - time.length) +
        `…ice/start running (${time} / no limit)`,
    ],
  ])('%s', (_, job) => {
    const lines = new NewLines();
    for (const time of times) lines.add(`[${stars(time)}] ${job(time)}`);
    expect(lines.count).toBe(1);
    lines.add('[*     ] Job other.service/start running (2s / no limit)');
    expect(lines.count).toBe(2);
  });
});
