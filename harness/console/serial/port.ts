/** The first serial port of QEMU's machines as Linux names it, by the guest's architecture. */
export const serialDevice = { x86_64: 'ttyS0', aarch64: 'ttyAMA0' } as const;

type Arch = keyof typeof serialDevice;

/** Its device number, as proc(5) has it for a controlling terminal: both have minor 64. */
export const serialTerminal: Readonly<Record<Arch, number>> = {
  x86_64: (4 << 8) | 64,
  aarch64: (204 << 8) | 64,
};

/** Whether the port's name is known. */
export const hasSerialPort = (arch: string): arch is Arch => Object.hasOwn(serialDevice, arch);
