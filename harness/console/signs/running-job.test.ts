import { expect, it } from 'vitest';
import { runningJob } from './running-job.ts';

it.each([
  ['[***   ] A start job is running for Wait for Network (12s / no limit)', 'start', 'Wait for Network'],
  [
    '[ *** ] (2 of 3) A stop job is running for User Manager for UID 1000 (5s / 2min)',
    'stop',
    'User Manager for UID 1000',
  ],
  ['[*     ] Job dev-ttyS0.device/start running (7s / 1min 30s)', 'start', 'dev-ttyS0.device'],
  ['[  *** ] (1 of 2) Job hangs.service/stop running (12s / no limit)', 'stop', 'hangs.service'],
  ['[    **] Job a.service/reload-or-start running (1min 3s / no limit)', 'reload-or-start', 'a.service'],
  ['[   ***] Job nix.service/start running (5s / no limit): Unpacking 3 of 7', 'start', 'nix.service'],
  // What 80 columns leave of it, as systemd 262 wrote it, and of a longer time.
  [
    '[*     ] (1 of 4) Job systemd-tmpfiles-setup…vice/start running (5s / no limit)',
    'start',
    'systemd-tmpfiles-setup…vice',
  ],
  [
    '[*     ] (1 of 4) Job systemd-tmpfiles-setu…rt running (10min 30s / 1h 30min)',
    null,
    'systemd-tmpfiles-setu…',
  ],
])('%s', (line, type, what) => {
  expect(runningJob(line)).toEqual({ what, type });
});

it.each([
  '[  OK  ] Finished nix.service - A job is running for it.',
  'Job for nginx.service failed because the control process exited with error code.',
  '[*     ] Expecting device /dev/ttyS0',
  'Job a/start runningly',
  '',
])('%j is no such line', (line) => {
  expect(runningJob(line)).toBe(null);
});
