import { GuestError } from '../../errors.ts';

/** What showed that a boot is done: its SSH server's greeting, what it says on serial, or only that it has nothing to do. */
export type Sign = 'ssh' | 'serial' | 'idle';

/** The same, for a sentence. */
export const saidBy: Record<Sign, string> = {
  ssh: 'its SSH server answers',
  serial: 'the serial port shows a started system',
  idle: 'the guest is idle',
};

/** The boot is done, as far as can be seen, and every way in was tried in vain. */
export class NoWayIn extends GuestError {
  override name = 'NoWayIn';
  readonly sign: Sign;
  /**
   * Where the host kept it from running while it booted: how much, for a person. One that showed no sign of life may have
   * given up by its own clock then.
   */
  starvation: string | null = null;

  constructor(sign: Sign, tried: readonly string[], evidence: string) {
    super('no-way-in', `no way in: ${saidBy[sign]}, but ${tried.join('; ')}`, { evidence });
    this.sign = sign;
  }
}
