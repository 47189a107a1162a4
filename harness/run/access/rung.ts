import type { MenuRequest } from '../../console/boot-menu/loader.ts';
import type { Supplies } from '../../console/guest.ts';
import { GuestError } from '../../errors.ts';
import type { Rung } from '../../events.ts';
import { isoFiles } from '../../images/loaders/files.ts';
import { findSyslinuxLabel } from '../../images/loaders/find.ts';
import { takeKernel } from '../../machine/board/direct-kernel.ts';
import type { Arch } from '../../images/image.ts';
import type { DirectKernel } from '../../machine/board/description.ts';
import type { Given } from '../../machine/prepare.ts';
import type { Cell } from '../../matrix/cell.ts';
import { serialDevice } from '../../console/serial/port.ts';
import type { SshKey } from './ways/way.ts';
import { loginCredentials } from './credentials.ts';

/** A rung, made ready for one boot. */
export interface PreparedRung {
  rung: Rung;
  given: Given;
  supplies: Supplies;
  /** The key that the machine is given for the guest's SSH server. */
  ownKey?: SshKey;
  /** What is typed at the boot menu. */
  menu?: MenuRequest;
}

/** @param scratch takes what the rung needs of its own */
export async function prepareRung(rung: Rung, cell: Cell, scratch: string): Promise<PreparedRung> {
  const platform = rung === 'kernel' ? {} : await platformKernel(cell, scratch);
  switch (rung) {
    case 'shipped':
      return { rung, given: platform, supplies: {} };
    case 'credentials': {
      const { given, ownKey, publicKey } = await loginCredentials(cell.arch, scratch);
      return { rung, given: { ...platform, ...given }, ownKey, supplies: { autologin: true, publicKey } };
    }
    case 'menu':
      return { rung, given: {}, supplies: {}, menu: await menuRequest(cell) };
    case 'kernel': {
      const kernel = await kernelOf(cell, scratch);
      const options = `${kernel.options}${speaksOnSerial(cell.arch)}`.trim();
      return { rung, given: { kernel: { ...kernel, options } }, supplies: {} };
    }
  }
}

async function kernelOf({ image, arch }: Cell, scratch: string): Promise<DirectKernel> {
  const kernel = await takeKernel(image, arch, scratch);
  if (kernel !== null) return kernel;
  throw new GuestError(
    'no-kernel',
    'the image holds no bootloader configuration that starts a Linux kernel of its own',
  );
}

/** The kernel that the platform starts, where it does. */
async function platformKernel(cell: Cell, scratch: string): Promise<Given> {
  if (cell.externalKernel === undefined) return {};
  const kernel = await kernelOf(cell, scratch);
  return { kernel: { ...kernel, options: withDefaults(kernel.options, cell.externalKernel.options) } };
}

/** A command line with the words that it has none of the kind of, e.g. `root=/dev/sda` where it names no root. */
export function withDefaults(options: string, words: readonly string[]): string {
  const own = options.split(/\s+/).filter((word) => word !== '');
  const key = (word: string): string => word.split('=', 1)[0] ?? '';
  return [...own, ...words.filter((word) => !own.some((one) => key(one) === key(word)))].join(' ');
}

/** What a kernel's command line ends with that speaks on the screen and, above all, on serial. */
const speaksOnSerial = (arch: Arch): string => ` console=tty0 console=${serialDevice[arch]},115200`;

async function menuRequest({ arch, image }: Cell): Promise<MenuRequest> {
  if (image.kind === 'netboot') {
    throw new GuestError('no-boot-menu', 'iPXE starts its kernel without a menu that can be edited');
  }
  const words = speaksOnSerial(arch);
  const label = image.kind === 'iso' ? await findSyslinuxLabel(isoFiles(image.path)) : undefined;
  return label === undefined ? { words } : { words, label };
}
