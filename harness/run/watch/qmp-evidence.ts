import { type BootMatrixError, GuestError, HostError } from '../../errors.ts';
import { diskError } from '../../machine/sockets/disk-error.ts';
import type { QmpEvent } from '../../machine/machine.ts';

/** What an event of QEMU says about the machine. */
export type QmpEvidence =
  /** It is over, and this is why. */
  | { kind: 'end'; error: BootMatrixError }
  /** It is over, unless the guest's own words say better why: they come by another way, a moment later. */
  | { kind: 'guest-end'; code: string; what: string }
  | { kind: 'reset' }
  /** It stands still, and nothing said why. */
  | { kind: 'stopped' }
  /** Nothing, or only what is known. */
  | { kind: 'none' };

/** Reads QEMU's events, see qapi/run-state.json and qapi/block-core.json. */
export function readQmpEvent({ event, data }: QmpEvent): QmpEvidence {
  switch (event) {
    case 'GUEST_PANICKED':
      return {
        kind: 'guest-end',
        code: 'guest-panicked',
        what: 'the guest reported a kernel panic (pvpanic)',
      };
    case 'GUEST_CRASHLOADED':
      return {
        kind: 'guest-end',
        code: 'guest-panicked',
        what: 'the guest starts its crash kernel (pvpanic)',
      };
    case 'SHUTDOWN':
      if (data['guest'] !== true || data['reason'] === 'guest-reset') return { kind: 'none' };
      return { kind: 'guest-end', code: 'guest-powered-off', what: 'the guest powered itself off' };
    case 'WATCHDOG':
      return { kind: 'guest-end', code: 'watchdog', what: "the guest's watchdog ran out: the guest hung" };
    case 'RESET':
      return data['guest'] === true ? { kind: 'reset' } : { kind: 'none' };
    case 'BLOCK_IO_ERROR':
      return { kind: 'end', error: diskError(data) };
    case 'BLOCK_IMAGE_CORRUPTED':
      return {
        kind: 'end',
        error: new GuestError('image-corrupt', `the image is corrupt: ${String(data['msg'])}`),
      };
    case 'MEMORY_FAILURE':
      // The guest is told of what it can bear itself.
      if (data['recipient'] !== 'hypervisor') return { kind: 'none' };
      return {
        kind: 'end',
        error: new HostError('memory-failure', "the host's memory failed under QEMU", {
          hint: "Look into the kernel's log (dmesg) for machine check exceptions.",
        }),
      };
    case 'STOP':
      return { kind: 'stopped' };
    default:
      return { kind: 'none' };
  }
}

/** Whether the guest left in one of the ways that can be asked of it. */
export const goesDown = (evidence: QmpEvidence): boolean =>
  evidence.kind === 'reset' || (evidence.kind === 'guest-end' && evidence.code === 'guest-powered-off');

/** Why QEMU stopped a machine, from the state that it is in then; null where that is known or nobody's fault. */
export function stoppedError(status: string): HostError | null {
  switch (status) {
    case 'internal-error':
      return new HostError(
        'qemu-internal-error',
        'QEMU or the accelerator met an internal error and stopped the machine',
        {
          hint: 'Try --accel tcg; with KVM, dmesg tells what the processor refused.',
          transient: true,
        },
      );
    case 'io-error':
      return diskError({});
    default:
      return null;
  }
}
