import type { Shell } from './shells/shell.ts';

/** What a machine did that was asked to go down. */
export type Deed = 'off' | 'reset' | 'asleep' | 'nothing';

/** What came of it. */
export interface GoneDown {
  deed: Deed;
  /** Seconds from the asking to the deed, or to the end of the budget. */
  seconds: number;
  /** What the guest said on serial meanwhile. */
  console: string;
}

/** The machine's power, as whoever stands in front of it has it. From its first use on the machine's end is no defect. */
export interface Power {
  /** Presses the power button (ACPI) and waits for what the machine does. */
  pressButton(): Promise<GoneDown>;
  /** Waits for what the machine does when `ask` has asked it to go down. */
  afterAsking(ask: () => Promise<unknown>): Promise<GoneDown>;
  /**
   * After a reset: follows the machine to a shell again, by whatever way in works.
   * @throws GuestError what ended the new boot, as of the first one.
   */
  comeBack(): Promise<{ shell: Shell; seconds: number }>;
}
