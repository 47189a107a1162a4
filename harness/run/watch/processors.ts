/** What one of a machine's processors was doing. */
export interface Processor {
  /** The program counter, in hexadecimal digits. */
  at: string;
  isPrivileged: boolean;
  takesInterrupts: boolean;
  /** It waits for an interrupt. Null where QEMU does not tell: it does for a PC alone. */
  isHalted: boolean | null;
}

/** The interrupt flag in a PC's EFLAGS. */
const interruptFlag = 0x200;
/** What masks interrupts in an ARM's PSTATE. */
const interruptMask = 0x80;

/**
 * Reads what `info registers -a` of QEMU's monitor prints.
 * Source: `x86_cpu_dump_state` in target/i386/cpu-dump.c, `aarch64_cpu_dump_state` in target/arm.
 */
export function readProcessors(registers: string): Processor[] {
  const pcs = registers.matchAll(/\b[ER]IP=([0-9a-f]+) [ER]FL=([0-9a-f]+) .*?\bCPL=(\d) .*?\bHLT=([01])/g);
  const arms = registers.matchAll(/\bPC=([0-9a-f]+)\b[^]*?\bPSTATE=([0-9a-f]+) .*?\bEL(\d)/g);
  return [
    ...Array.from(pcs, ([, at = '', flags = '', ring, halted]) => ({
      at,
      isPrivileged: ring === '0',
      takesInterrupts: (parseInt(flags, 16) & interruptFlag) !== 0,
      isHalted: halted === '1',
    })),
    ...Array.from(arms, ([, at = '', flags = '', level]) => ({
      at,
      isPrivileged: level !== '0',
      takesInterrupts: (parseInt(flags, 16) & interruptMask) === 0,
      isHalted: null,
    })),
  ];
}

/** Whether all processors are halted and take no interrupt. */
export const areHaltedForGood = (processors: readonly Processor[]): boolean =>
  processors.length > 0 &&
  processors.every(({ isHalted, takesInterrupts }) => isHalted === true && !takesInterrupts);

/**
 * Whether a kernel or a program under one runs on one of them: no firmware and no bootloader leaves the privileged mode,
 * and none runs in the upper half of the addresses, where Linux and its kin are. Null where nothing is told of them.
 * Source: Linux Documentation/arch/x86/x86_64/mm.rst, Documentation/arch/arm64/memory.rst; 32 bits: CONFIG_PAGE_OFFSET.
 */
export const runKernel = (processors: readonly Processor[]): boolean | null =>
  processors.length === 0 ? null : processors.some(({ at, isPrivileged }) => !isPrivileged || isUpper(at));

const isUpper = (at: string): boolean =>
  at.length > 8 ? at.startsWith('ffff') : parseInt(at, 16) >= 0xc000_0000 && parseInt(at, 16) < 0xff00_0000;

/** How many places are told. */
const places = 4;

/** One clause about the first processor in some samples, for a person who has the kernel's symbols. */
export function describeSamples(samples: readonly Processor[]): string {
  const all = samples.length;
  const share = (is: (one: Processor) => boolean, what: string): string[] => {
    const count = samples.filter(is).length;
    return count === 0 ? [] : [count === all ? what : `${what} in ${count} of ${all} looks`];
  };
  const at = [...new Set(samples.map((one) => one.at))];
  return [
    `at ${at.slice(0, places).join(', ')}${at.length > places ? ' and elsewhere' : ''}`,
    ...share(({ isHalted }) => isHalted === true, 'halted'),
    ...share(({ isPrivileged }) => !isPrivileged, 'in user mode'),
    ...share(({ takesInterrupts }) => !takesInterrupts, 'interrupts off'),
  ].join(', ');
}
