import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

/** What boot.img reads first has room for so much before the first partition, bytes. */
const room = 2047 * 512;

/**
 * A core image of GRUB for a PC BIOS that finds its modules on the disk, as installed systems have it.
 * @param script what it runs before it loads them
 */
export async function grubCore(script: string, scratch: string): Promise<Buffer> {
  const [config, core] = ['early.cfg', 'core.img'].map((name) => join(scratch, name)) as [string, string];
  await writeFile(config, script);
  const modules = ['biosdisk', 'part_msdos', 'ext2', 'search_label'];
  await execa('grub-mkimage', ['-O', 'i386-pc', '-p', '/boot/grub', '-c', config, '-o', core, ...modules]);
  // What an earlier core left behind must not be read as a part of this one.
  return Buffer.concat([await readFile(core), Buffer.alloc(room)], room);
}
