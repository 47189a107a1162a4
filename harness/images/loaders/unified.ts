import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '../host-program.ts';
import { type FilePart, type PeSection, peSections } from '../media/pe.ts';
import { withoutInitrdOption } from './entry.ts';
import { isPlainPath, type MediumFiles } from './files.ts';
import { keyValues } from './key-values.ts';

/** A unified kernel image: an EFI program that holds a kernel and all that goes with it (UAPI.5). */
export interface UnifiedKernel {
  linux: FilePart;
  /** In the order in which the kernel gets them. */
  initrds: FilePart[];
  /** The kernel's command line. */
  options: string;
  /** Its os-release, by key; undefined where it holds none. */
  system: ReadonlyMap<string, string> | undefined;
}

/** A longer command line, or os-release, is none; bytes. */
const maxText = 1 << 16;

/**
 * Reads a unified kernel image off a medium, by way of a copy that is removed again; undefined where there is none.
 * @param directory where copies are made
 */
export async function readUnified(
  files: MediumFiles,
  path: string,
  directory: string,
): Promise<UnifiedKernel | undefined> {
  if (!isPlainPath(path)) return undefined;
  const name = 'program.efi';
  const copy = join(directory, name);
  const [program, ...args] = files.copy(path, name);
  try {
    if (!files.wasCopied(await runProgram(program, args, { cwd: directory }))) return undefined;
    await using file = await open(copy);
    return await unifiedOf(file);
  } finally {
    await rm(copy, { force: true });
  }
}

async function unifiedOf(file: FileHandle): Promise<UnifiedKernel | undefined> {
  const read = async (offset: number, length: number): Promise<Buffer> => {
    const bytes = Buffer.alloc(length);
    await file.read(bytes, 0, length, offset);
    return bytes;
  };
  const sections = ofFirstProfile(await peSections(read, (await file.stat()).size));
  const text = async (name: string): Promise<string | undefined> => {
    const part = sections.get(name);
    if (part === undefined || part.size > maxText) return undefined;
    return (await read(part.offset, part.size)).toString('utf8').replace(/\0.*$/s, '');
  };
  const linux = sections.get('.linux');
  if (linux === undefined) return undefined;
  const system = await text('.osrel');
  return {
    linux,
    // The kernel looks for microcode in the first one only (systemd, src/boot/stub.c).
    initrds: ['.ucode', '.initrd'].flatMap((name) => sections.get(name) ?? []),
    options: withoutInitrdOption((await text('.cmdline')) ?? ''),
    system: system === undefined ? undefined : new Map(keyValues(system, '=')),
  };
}

/**
 * What starts by default: the sections in front of every `.profile`, and those of the first profile, which go before them
 * (systemd, src/boot/pe.c, pe_locate_profile_sections).
 */
function ofFirstProfile(sections: readonly PeSection[]): Map<string, FilePart> {
  const found = new Map<string, FilePart>();
  const starts = sections.flatMap(({ name }, index) => (name === '.profile' ? [index] : []));
  const [first = sections.length, second = sections.length] = starts;
  for (const section of [...sections.slice(first, second), ...sections.slice(0, first)])
    if (!found.has(section.name)) found.set(section.name, section);
  return found;
}
