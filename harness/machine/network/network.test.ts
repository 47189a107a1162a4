import { expect, test } from 'vitest';
import { parseHostPort } from './network.ts';

// As QEMU 7.2 printed it while a connection was open.
const usernet = `Hub -1 (net):
  Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ
  TCP[ESTABLISHED]   31       127.0.0.1 36885       10.0.2.15    22     0     0
  TCP[HOST_FORWARD]  14       127.0.0.1 36885       10.0.2.15    22     0     0
  TCP[HOST_FORWARD]  13       127.0.0.1 41203       10.0.2.15  8080     0     0
  UDP[126 sec]       15       10.0.2.15    68        10.0.2.2    67     0     0
`.replaceAll('\n', '\r\n');

test.each([
  [22, 36885],
  [8080, 41203],
])('guest port %i is host port %i', (guest, host) => {
  expect(parseHostPort(usernet, guest)).toBe(host);
});

test('a port that is not forwarded', () => {
  expect(() => parseHostPort(usernet, 80)).toThrow("QEMU forwards no host port to the guest's port 80.");
});
