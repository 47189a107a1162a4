import { mtools } from '../media/esp.ts';
import { runProgram } from '../host-program.ts';

/** A command and its arguments. */
export type Command = readonly [string, ...string[]];

/** The files of one file system on a medium, as far as a bootloader looks at them. Paths are absolute. */
export interface MediumFiles {
  /** A small text file; undefined where it is not there. */
  read(path: string): Promise<string | undefined>;
  /** Names in a directory; none where it is not there. */
  list(path: string): Promise<string[]>;
  /** Copies a file into the current directory, under this name. */
  copy(path: string, name: string): Command;
}

/** A path goes into the command languages of three programs: it must mean nothing else to any of them. */
export const isPlainPath = (path: string): boolean =>
  /^\/[\w./+@=:-]+$/.test(path) && !path.split('/').includes('..');

/** A FAT file system in a file of its own, read by mtools(1). */
export const fatFiles = (image: string): MediumFiles => ({
  read: (path) => output('mtype', ['-i', image, `::${path}`], mtools),
  async list(path) {
    const names = await output('mdir', ['-b', '-i', image, `::${path}`], mtools);
    return (names ?? '').split('\n').flatMap((line) => line.split('/').at(-1) || []);
  },
  copy: (path, name) => ['env', 'MTOOLS_SKIP_CHECK=1', 'mcopy', '-n', '-i', image, `::${path}`, name],
});

/** An ext2, ext3 or ext4 file system in a file of its own, read by debugfs(8), which mounts nothing. */
export const extFiles = (image: string): MediumFiles => ({
  read: (path) => output('debugfs', ['-R', `cat ${path}`, image], sbin),
  async list(path) {
    const lines = await output('debugfs', ['-R', `ls -p ${path}`, image], sbin);
    return (lines ?? '').split('\n').flatMap((line) => line.split('/')[5] || []);
  },
  copy: (path, name) => [
    'sh',
    '-c',
    'PATH=$PATH:/usr/sbin:/sbin; exec debugfs -R "$1" "$2"',
    'sh',
    `dump ${path} ${name}`,
    image,
  ],
});

/** An ISO 9660 file system, read by libarchive's bsdtar(1) with the names that Rock Ridge gives. */
export const isoFiles = (image: string): MediumFiles => ({
  read: (path) => output('bsdtar', ['-xOf', image, path.slice(1)]),
  list: async () => [],
  copy: (path, name) => ['sh', '-c', 'bsdtar -xOf "$1" "$2" > "$3"', 'sh', image, path.slice(1), name],
});

/** A user's PATH lacks debugfs(8). */
const sbin = { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };

/** No configuration is longer; what reads one need not be fast on more. Characters. */
const maxText = 1 << 20;

async function output(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<string | undefined> {
  const { exitCode, stdout } = await runProgram(command, args, { env, maxOutput: maxText });
  // debugfs ends with 0 whatever happened.
  return exitCode === 0 && stdout !== '' ? stdout : undefined;
}
