import { dirname, join } from 'node:path';
import { QmpKeyboard } from '../../console/keys/qmp-keyboard.ts';
import type { ScreenText } from '../../console/screen/screen-text.ts';
import { PixelScreen } from '../../console/screen/pixel-screen.ts';
import { readScreenText } from '../../console/screen/text-screen.ts';
import type { Machine } from '../../machine/machine.ts';
import type { Boot } from '../boot.ts';
import { editBootMenu, type MenuOptions } from './boot-menu.ts';

/**
 * Adds words to the command line of a kernel that is about to be booted, at its bootloader's menu.
 * @returns the bootloader's name.
 * @throws GuestError `no-boot-menu`
 */
export async function passBootMenu(
  machine: Machine,
  boot: Boot,
  options: Pick<MenuOptions, 'request' | 'ssh' | 'demandSeconds' | 'slowness'>,
): Promise<string> {
  const { failures, phases, watch } = boot;
  failures.isAnswered = true;
  try {
    return await editBootMenu({
      ...options,
      phases,
      signal: watch.signal,
      look: screenOf(machine, boot),
      lookAtPixels: pixelsOf(machine),
      keyboard: new QmpKeyboard((...call) => machine.qmp(...call), options),
    });
  } finally {
    failures.isAnswered = false;
  }
}

/**
 * How the screen of a boot menu is read: a PC's BIOS has a text mode; UEFI's console is on serial, too. Null in a graphics
 * mode, and where QEMU does not tell: one that is gone is noticed elsewhere.
 */
function screenOf(machine: Machine, boot: Boot): () => Promise<ScreenText | null> {
  const { arch, uefi, paths } = machine.description;
  if (arch !== 'x86_64' || uefi !== undefined) return async () => boot.screen;
  const path = join(dirname(paths.pidFile), 'menu.bin');
  return () => readScreenText((...call) => machine.qmp(...call), path).catch(() => null);
}

/** How the same is read off its pixels; null where it shows no text. */
function pixelsOf(machine: Machine): () => Promise<string[] | null> {
  const screen = new PixelScreen();
  const path = join(dirname(machine.description.paths.pidFile), 'menu.ppm');
  return () => screen.look((...call) => machine.qmp(...call), path).catch(() => null);
}
