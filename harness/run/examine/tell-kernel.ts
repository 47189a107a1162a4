import { passBootMenu } from '../access/pass-boot-menu.ts';
import type { Boot } from '../boot.ts';
import type { Reach } from './reach.ts';
import type { Session } from './session.ts';

/**
 * Where the kernel has to be told of serial, does that at its bootloader's menu, and tells of it.
 * @throws GuestError `no-boot-menu`
 */
export async function tellKernel(
  { cell, emit, machine, prepared, slowness }: Session,
  { demandSeconds, ssh }: Pick<Reach, 'demandSeconds' | 'ssh'>,
  boot: Boot,
): Promise<void> {
  const { menu } = prepared;
  if (menu === undefined) return;
  const name = await passBootMenu(machine, boot, { request: menu, ssh, demandSeconds, slowness });
  const text = `${cell.id}: at the menu of ${name} \`${menu.words.trim()}\` was added to the kernel's command line, by keys`;
  emit({ type: 'notice', level: 'info', text });
}
