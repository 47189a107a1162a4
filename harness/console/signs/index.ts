import { bootloaderFatal, bootloaderSuspicious } from './bootloader.ts';
import { firmwareFatal, firmwareSuspicious } from './firmware.ts';
import { initrdFatal, initrdSuspicious } from './initrd.ts';
import { kernelFatal, kernelSuspicious } from './kernel.ts';
import type { FatalSign, SuspiciousSign } from './sign.ts';
import { systemdFatal, systemdSuspicious } from './systemd.ts';

/** The kernel's first: a panic outweighs whatever else its line shows. */
export const fatalSigns: readonly FatalSign[] = [
  ...kernelFatal,
  ...firmwareFatal,
  ...bootloaderFatal,
  ...initrdFatal,
  ...systemdFatal,
];

export const suspiciousSigns: readonly SuspiciousSign[] = [
  ...kernelSuspicious,
  ...firmwareSuspicious,
  ...bootloaderSuspicious,
  ...initrdSuspicious,
  ...systemdSuspicious,
];
