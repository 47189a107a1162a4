import type { Arch } from '../../images/image.ts';
import type { DirectKernel, MachineDescription } from './description.ts';
import { optionValue, type Option } from './hardware.ts';

/** The id of the second console's character device. */
export const secondConsole = 'console';

/** The second console as Linux names it. A PC's second serial port needs no driver that a kernel lacks; `virt` has none. */
export const secondConsoleDevice: Record<Arch, string> = { x86_64: 'ttyS1', aarch64: 'hvc0' };

const consoleDevices: Record<Arch, readonly string[]> = {
  x86_64: [`isa-serial,index=1,chardev=${secondConsole}`],
  aarch64: ['virtio-serial-pci', `virtconsole,chardev=${secondConsole}`],
};

/** What the machine is given beside the image, so that it lets somebody in; none for an image that is tested as it ships. */
export function givenOptions({ arch, credentials = {}, kernel, paths }: MachineDescription): Option[] {
  const given = Object.entries(credentials);
  return [
    ...given.map(([name, value]): Option => ['-smbios', smbiosString(name, value)]),
    ...given.flatMap(([name, value]) => firmwareFile(name, value)),
    ...(kernel === undefined ? [] : kernelOptions(kernel)),
    ...(paths.console === undefined ? [] : consoleDevices[arch].map((device): Option => ['-device', device])),
  ];
}

/** An OEM string of SMBIOS type 11 as systemd reads it. In base64: neither QEMU nor the firmware sees what is in it. */
const smbiosString = (name: string, value: string): string =>
  `type=11,value=io.systemd.credential.binary:${optionValue(name)}=${Buffer.from(value).toString('base64')}`;

/** The longest name in QEMU's firmware configuration. Source: FW_CFG_MAX_FILE_PATH of include/hw/nvram/fw_cfg.h, less its NUL. */
const longestFile = 55;

/**
 * The same as a file of QEMU's firmware configuration, for guests whose firmware hands no SMBIOS tables on, as U-Boot;
 * none where the credential's name has no room there.
 */
function firmwareFile(name: string, value: string): Option[] {
  const file = `opt/io.systemd.credentials/${name}`;
  if (file.length > longestFile) return [];
  return [['-fw_cfg', `name=${optionValue(file)},string=${optionValue(value)}`]];
}

const kernelOptions = ({ kernel, initrd, options }: DirectKernel): Option[] => [
  ['-kernel', kernel],
  ...(initrd === undefined ? [] : [['-initrd', initrd] satisfies Option]),
  ['-append', options],
];
