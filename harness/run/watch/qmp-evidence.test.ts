import { describe, expect, it } from 'vitest';
import { GuestError, HostError } from '../../errors.ts';
import { readQmpEvent, stoppedError } from './qmp-evidence.ts';

const read = (event: string, data: Record<string, unknown> = {}) => readQmpEvent({ event, data });

describe("QEMU's events", () => {
  it.each([
    ['GUEST_PANICKED', { action: 'run' }, 'guest-panicked'],
    ['SHUTDOWN', { guest: true, reason: 'guest-shutdown' }, 'guest-powered-off'],
    ['WATCHDOG', { action: 'reset' }, 'watchdog'],
  ])('%s is the end of the guest', (event, data, code) => {
    expect(read(event, data)).toMatchObject({ kind: 'guest-end', code });
  });

  it('tell a reset of the guest from one of ours, and what ends a machine from what does not', () => {
    expect(read('RESET', { guest: true, reason: 'guest-reset' })).toEqual({ kind: 'reset' });
    expect(read('RESET', { guest: false, reason: 'host-qmp-system-reset' })).toEqual({ kind: 'none' });
    expect(read('SHUTDOWN', { guest: false, reason: 'host-qmp-quit' })).toEqual({ kind: 'none' });
    expect(read('SHUTDOWN', { guest: true, reason: 'guest-reset' })).toEqual({ kind: 'none' });
    expect(read('STOP')).toEqual({ kind: 'stopped' });
    expect(read('NIC_RX_FILTER_CHANGED')).toEqual({ kind: 'none' });
  });

  it.each([
    [
      'BLOCK_IO_ERROR',
      { operation: 'write', nospace: true, reason: 'No space left on device' },
      HostError,
      'disk-full',
    ],
    [
      'BLOCK_IO_ERROR',
      { operation: 'read', nospace: false, reason: 'Input/output error' },
      HostError,
      'disk-io',
    ],
    ['BLOCK_IMAGE_CORRUPTED', { msg: 'L2 table offset unaligned' }, GuestError, 'image-corrupt'],
    ['MEMORY_FAILURE', { recipient: 'hypervisor' }, HostError, 'memory-failure'],
  ])('%s %j is a %o', (event, data, type, code) => {
    const evidence = read(event, data);
    expect(evidence.kind).toBe('end');
    if (evidence.kind !== 'end') return;
    expect(evidence.error).toBeInstanceOf(type);
    expect(evidence.error.code).toBe(code);
  });

  it('a machine that was stopped is the host’s affair where QEMU says so', () => {
    expect(stoppedError('internal-error')?.code).toBe('qemu-internal-error');
    expect(stoppedError('io-error')?.code).toBe('disk-io');
    expect(stoppedError('shutdown')).toBe(null);
    expect(stoppedError('paused')).toBe(null);
  });
});
