import { bootToKernel, bootToShell } from './boot.ts';
import type { Behaviour } from './behaviour.ts';

/** What can happen to QEMU on a host, whatever its guest does. */
const faults: Record<string, Behaviour> = {
  /** Never reports in. */
  'never-connects': { play() {}, monitor: 'absent' },
  /** Reports in, then answers nothing: its main loop hangs. */
  'never-answers': { play() {}, monitor: 'mute' },
  /** Its monitor's connection breaks, and the machine goes on. */
  'loses-monitor': {
    play(guest) {
      bootToKernel(guest);
      guest.hangUp();
    },
  },
  /** Only SIGKILL ends it, and a moment passes until that comes. */
  'boots-and-stays': { play: bootToShell, ignoresQuit: true },
  'disk-full': {
    play(guest) {
      bootToKernel(guest);
      const data = {
        device: '',
        'node-name': 'drive0',
        operation: 'write',
        reason: 'No space left on device',
      };
      guest.event('BLOCK_IO_ERROR', { ...data, nospace: true, action: 'stop' });
      guest.event('STOP');
    },
  },
};

/**
 * By its name, one of the above, or one such as `sigkill-812`: boots to a shell, and gets that signal when it has said
 * so many bytes on its serial port, be it in the boot, in the login or in a check.
 */
export function hostFault(name: string): Behaviour | undefined {
  const [, signal, bytes] = /^(sig[a-z]+)-(\d+)$/.exec(name) ?? [];
  if (signal === undefined) return faults[name];
  return {
    play(guest) {
      guest.after(Number(bytes), () => void process.kill(process.pid, signal.toUpperCase()));
      bootToShell(guest);
    },
  };
}
