import { describe, expect, it } from 'vitest';
import { isLogin, keyReader, onVirtualScreen, parseProcesses } from './foreground.ts';

/** Debian 13 with kmscon 9: `login -f root` has given its terminal up to the shell; serial's shell is another's. */
const kmscon = `owner /proc/1 root
owner /proc/323 root
owner /proc/351 nixos
1 0 1 0 -1 systemd
323 1 323 0 -1 kmscon
348 323 348 0 -1 login
351 348 351 34816 360 bash
360 351 360 34816 360 nvim (x) y
324 1 324 0 -1 login
343 324 343 1088 349 bash
349 343 349 1088 349 sh`;

const getty = `owner /proc/300 root
1 0 1 0 -1 systemd
300 1 300 1025 300 agetty
310 1 310 1088 310 agetty`;

describe('keyReader', () => {
  it('is the foreground of the terminal under kmscon', () => {
    expect(keyReader(parseProcesses(kmscon))).toMatchObject({ pid: 360, command: 'nvim (x) y' });
    expect(onVirtualScreen(parseProcesses(kmscon)).map(({ pid, user }) => [pid, user])).toEqual([
      [351, 'nixos'],
      [360, '?'],
    ]);
  });

  it('is what stands on tty1 where there is no kmscon', () => {
    expect(keyReader(parseProcesses(getty.replaceAll('\n', '\r\n')))).toMatchObject({
      pid: 300,
      user: 'root',
    });
  });

  it('is nobody where only serial is in use', () => {
    expect(keyReader(parseProcesses('1 0 1 0 -1 systemd\n310 1 310 1088 310 bash'))).toBeNull();
  });

  it('does not loop on a guest that claims to be its own ancestor', () => {
    expect(keyReader(parseProcesses('5 6 5 34816 5 sh\n6 5 6 34816 5 sh'))).toBeNull();
  });
});

it.each([
  ['agetty', true],
  ['.agetty-wrapped', true],
  ['login', true],
  ['bash', false],
  ['loginctl', false],
])('isLogin(%s) is %s', (command, expected) => {
  expect(isLogin(command)).toBe(expected);
});
