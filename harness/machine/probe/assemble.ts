/** Assembles the probe's guests with GNU binutils; run as a program it writes `guests.ts`. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { dir as tmpDir } from 'tmp-promise';
import type { Arch } from '../../images/image.ts';

const here = import.meta.dirname;

const tools: Record<Arch, { prefix: string; assemble: string[]; link: string[] }> = {
  x86_64: { prefix: 'x86_64-linux-gnu-', assemble: ['--64'], link: ['-m', 'elf_x86_64', '-Ttext=0x7c00'] },
  aarch64: { prefix: 'aarch64-linux-gnu-', assemble: [], link: ['-Ttext=0'] },
};

/** The assembler's name on PATH (Debian: binutils-x86-64-linux-gnu, binutils-aarch64-linux-gnu). */
export const assembler = (arch: Arch): string => `${tools[arch].prefix}as`;

/** The machine code of a guest, from its source beside this file. */
export async function assemble(arch: Arch): Promise<Buffer> {
  const { prefix, assemble: assembleOptions, link } = tools[arch];
  const scratch = await tmpDir({ unsafeCleanup: true });
  const [object, program, code] = ['o', 'elf', 'bin'].map((ending) =>
    join(scratch.path, `guest.${ending}`),
  ) as [string, string, string];
  try {
    await execa(assembler(arch), [...assembleOptions, '-o', object, join(here, `${arch}.s`)]);
    await execa(`${prefix}ld`, [...link, '-o', program, object]);
    await execa(`${prefix}objcopy`, ['-O', 'binary', '-j', '.text', program, code]);
    return await readFile(code);
  } finally {
    await scratch.cleanup();
  }
}

if (import.meta.main) {
  const [x86_64, aarch64] = await Promise.all([assemble('x86_64'), assemble('aarch64')]);
  const lines = (code: Buffer): string => code.toString('base64').replaceAll(/(.{1,100})/g, '  $1\n');
  await writeFile(
    join(here, 'guests.ts'),
    `/** Machine code of the probe's guests, made by \`node harness/machine/probe/assemble.ts\` from the sources beside. */

import type { Arch } from '../../images/image.ts';

const base64: Record<Arch, string> = {
  x86_64: \`
${lines(x86_64)}\`,
  aarch64: \`
${lines(aarch64)}\`,
};

/** A boot sector for x86_64, a kernel for aarch64. */
export const guestCode = (arch: Arch): Buffer => Buffer.from(base64[arch], 'base64');
`,
  );
}
