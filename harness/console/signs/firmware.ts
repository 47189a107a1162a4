import type { FatalSign, SuspiciousSign } from './sign.ts';

const because = [
  'loader',
  'systemd-boot-error',
  'ipxe-error',
  'grub-error',
  'loader-failed',
  'device-failed',
];

/** SeaBIOS, EDK2 (OVMF, AAVMF) and the boot sectors that they start. */
export const firmwareFatal: readonly FatalSign[] = [
  {
    phase: 'firmware',
    code: 'no-bootable-device',
    pattern: /^No bootable device\./,
    sentence: 'firmware found nothing to boot',
    because,
    source: 'SeaBIOS src/boot.c, boot_fail',
  },
  {
    phase: 'firmware',
    code: 'no-bootable-device',
    pattern: /^BdsDxe: No bootable option or device was found/,
    sentence: 'firmware found nothing to boot',
    because,
    source: 'EDK2 MdeModulePkg/Universal/BdsDxe/BdsEntry.c',
  },
  {
    phase: 'firmware',
    code: 'no-bootable-device',
    pattern: /^UEFI Interactive Shell v/,
    sentence: 'firmware found nothing to boot and started the UEFI shell',
    because,
    source: 'EDK2 ShellPkg/Application/Shell/Shell.c',
  },
  {
    phase: 'firmware',
    code: 'no-bootable-device',
    pattern: /^Shell> ?$/,
    sentence: 'firmware found nothing to boot and started the UEFI shell',
    because,
    source: 'EDK2 ShellPkg/Application/Shell/Shell.c',
    prompt: true,
  },
  {
    phase: 'firmware',
    code: 'no-bootable-device',
    pattern:
      /^(Missing operating system|Operating system load error|Error loading operating system|Invalid partition table)\.?$/i,
    sentence: "firmware found nothing to boot: the disk's boot sector says `$1`",
    source: 'SYSLINUX mbr/mbr.S, mbr/isohdpfx.S; the MBR of DOS and of parted',
  },
  {
    phase: 'firmware',
    code: 'firmware-setup',
    pattern: /^BdsDxe: starting Boot[0-9A-F]{4} "UiApp"/,
    sentence: 'firmware found nothing to boot and opened its setup',
    elsewhere: { bootloader: "the bootloader found nothing to boot and opened the firmware's setup" },
    because,
    source: 'EDK2 MdeModulePkg/Application/UiApp; systemd-boot without an entry asks for it by OsIndications',
  },
  {
    phase: 'firmware',
    code: 'firmware-setup',
    pattern: /\bBoot Maintenance Manager\b/,
    sentence: "the firmware's set-up program was started, which waits for a person",
    because,
    source: 'EDK2 MdeModulePkg/Application/UiApp',
  },
  {
    phase: 'firmware',
    code: 'firmware-crashed',
    pattern: /^!!!! (\w+ Exception Type - \w+(?:\([^)]*\))?)/,
    sentence: 'the UEFI firmware crashed: $1',
    elsewhere: { bootloader: 'the bootloader crashed in the UEFI firmware: $1' },
    because,
    source: 'EDK2 UefiCpuPkg/Library/CpuExceptionHandlerLib',
  },
  {
    phase: 'firmware',
    code: 'firmware-crashed',
    pattern: /^((?:Synchronous|IRQ|FIQ|SError) Exception at 0x[0-9A-F]+)/i,
    sentence: 'the UEFI firmware crashed: $1',
    elsewhere: { bootloader: 'the bootloader crashed in the UEFI firmware: $1' },
    because,
    source: 'EDK2 ArmPkg/Library/DefaultExceptionHandlerLib',
  },
];

export const firmwareSuspicious: readonly SuspiciousSign[] = [
  {
    phase: 'firmware',
    code: 'device-failed',
    pattern: /^Boot failed: (.+)$/,
    clause: '$1',
    source: 'SeaBIOS src/boot.c, boot_disk, boot_cdrom',
  },
  {
    phase: 'firmware',
    code: 'loader-failed',
    pattern:
      /^BdsDxe: failed to (?:load|start) (?:Boot[0-9A-F]{4} )?("[^"]*?) *(")[^:]*(?::[^:]*)*?(: (?:[A-Z][\w -]+|[0-9A-F]{8,16}))$/,
    clause: 'could not start $1',
    source:
      'EDK2 OvmfPkg/Library/PlatformBmPrintScLib/StatusCodeHandler.c, a status without words in hexadecimal; the words on Secure Boot from published logs of newer builds',
  },
  {
    phase: 'firmware',
    code: 'firmware-assert',
    pattern: /^(ASSERT(?:_EFI_ERROR)? [[(].+)$/,
    clause: 'the firmware says $1',
    source: 'EDK2 MdePkg/Library/BaseDebugLibSerialPort',
  },
];
