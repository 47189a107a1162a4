import { dirname, join } from 'node:path';
import type { ScreenText } from '../console/screen-text.ts';
import { readScreenText } from '../console/text-screen.ts';
import type { Machine } from '../machine/machine.ts';
import type { Boot } from './boot.ts';

/**
 * How the screen of a boot menu is read: a PC's BIOS has a text mode; UEFI's console is on serial, too. Null in a graphics
 * mode, and where QEMU does not tell: one that is gone is noticed elsewhere.
 */
export function lookAt(machine: Machine, boot: Pick<Boot, 'screen'>): () => Promise<ScreenText | null> {
  const { arch, uefi, paths } = machine.description;
  if (arch !== 'x86_64' || uefi !== undefined) return async () => boot.screen;
  const path = join(dirname(paths.pidFile), 'menu.bin');
  return () => readScreenText((...call) => machine.qmp(...call), path).catch(() => null);
}
