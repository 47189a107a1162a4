/** A program that is started in the place of a system, and never starts one. */
interface Program {
  name: string;
  /** Matched against one row of a screen or terminal. */
  pattern: RegExp;
  source: string;
}

/** Those that boot menus offer beside a system. */
const programs: readonly Program[] = [
  {
    name: 'Memtest86+',
    pattern: /\bMemtest86\+/i,
    source: 'memtest86+ app/display.c, the top row; config.c before 6',
  },
  { name: 'MemTest86', pattern: /\bMemTest86\b(?!\+)/i, source: 'PassMark MemTest86' },
  {
    name: 'HDT, the hardware detection tool,',
    pattern: /\bHardware Detection Tool\b|^\s*hdt[:>]/i,
    source: 'SYSLINUX com32/hdt',
  },
  { name: 'FreeDOS', pattern: /^FreeDOS kernel\b|^Welcome to FreeDOS/i, source: 'FreeDOS kernel/main.c' },
  { name: 'MHDD', pattern: /^\s*MHDD\b.*\b(?:by Dmitry|http)/i, source: 'MHDD' },
  { name: 'DBAN', pattern: /\bDarik's Boot and Nuke\b/i, source: 'DBAN isolinux.msg' },
  { name: 'PLoP Boot Manager', pattern: /\bPLoP Boot ?Manager\b/i, source: 'PLoP Boot Manager 5' },
  { name: 'coreinfo', pattern: /\bcoreinfo v?\d/i, source: 'coreboot payloads/coreinfo' },
];

/** The program whose screen this is, by name; null where none is known. */
export const findProgram = (rows: readonly string[]): string | null =>
  programs.find(({ pattern }) => rows.some((row) => pattern.test(row)))?.name ?? null;
