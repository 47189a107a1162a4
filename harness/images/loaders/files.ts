import { HostError } from '../../errors.ts';
import { printable } from '../../printable.ts';
import { type ProgramResult, runProgram } from '../host-program.ts';
import { isNotThere as isNotOnFat, mtools } from '../media/esp.ts';

/** A command and its arguments. */
export type Command = readonly [string, ...string[]];

/** The files of one file system on a medium, as far as a bootloader looks at them. Paths are absolute. */
export interface MediumFiles {
  /**
   * A small text file; undefined where it is not there.
   * @throws HostError `medium-unreadable`
   */
  read(path: string): Promise<string | undefined>;
  /**
   * Names in a directory; none where it is not there.
   * @throws HostError `medium-unreadable`
   */
  list(path: string): Promise<string[]>;
  /** Copies a file into the current directory, under this name. */
  copy(path: string, name: string): Command;
  /**
   * Whether a copy was made; false where the file is not there.
   * @throws HostError `medium-unreadable`
   */
  wasCopied(result: ProgramResult): boolean;
}

/** A path goes into the command languages of three programs: it must mean nothing else to any of them. */
export const isPlainPath = (path: string): boolean =>
  /^\/[\w./+@=:-]+$/.test(path) && !path.split('/').includes('..');

/** A file system in a file of its own. Commands run in its directory, since paths mean more to these programs than a name. */
export interface ImageFile {
  directory: string;
  /** Letters, digits and dots. */
  name: string;
}

/** A FAT file system, read by mtools(1). */
export function fatFiles({ directory, name: image }: ImageFile): MediumFiles {
  const isThere = judge('mtools', isNotOnFat);
  const run = output(directory, mtools, isThere);
  return {
    read: (path) => run('mtype', ['-i', image, `::${path}`]),
    async list(path) {
      const names = await run('mdir', ['-b', '-i', image, `::${path}`]);
      return (names ?? '').split('\n').flatMap((line) => line.split('/').at(-1) || []);
    },
    copy: (path, name) => ['env', 'MTOOLS_SKIP_CHECK=1', 'mcopy', '-n', '-i', image, `::${path}`, name],
    wasCopied: isThere,
  };
}

/** An ext2, ext3 or ext4 file system, read by debugfs(8), which mounts nothing. */
export function extFiles({ directory, name: image }: ImageFile): MediumFiles {
  const isThere = judge('debugfs', (stderr) => /: File not found by ext2_lookup/.test(stderr));
  const run = output(directory, sbin, isThere);
  return {
    read: (path) => run('debugfs', ['-R', `cat ${path}`, image]),
    async list(path) {
      const lines = await run('debugfs', ['-R', `ls -p ${path}`, image]);
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
    wasCopied: isThere,
  };
}

/**
 * An ISO 9660 file system, read by libarchive's bsdtar(1) with the names that Rock Ridge gives.
 * @param image an absolute path
 */
export function isoFiles(image: string): MediumFiles {
  const isThere = judge('bsdtar', (stderr) => /: Not found in archive$/m.test(stderr));
  // Behind `--` a path of the image is no option: bsdtar has some that start programs.
  return {
    read: (path) => output('/', {}, isThere)('bsdtar', ['-xOf', image, '--', path.slice(1)]),
    list: async () => [],
    copy: (path, name) => ['sh', '-c', 'bsdtar -xOf "$1" -- "$2" > "$3"', 'sh', image, path.slice(1), name],
    wasCopied: isThere,
  };
}

/** A user's PATH lacks debugfs(8). */
const sbin = { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };

/** No configuration is longer; what reads one need not be fast on more. Characters. */
const maxText = 1 << 20;

/** debugfs(8) ends with 0 whatever happened, and complains behind a line with its version. */
const complaint = (stderr: string): string => stderr.replace(/^debugfs \d.*\n?/, '').trim();

/** Tells by its end what a program found: a file, or that there is none. Any other end is no answer. */
const judge =
  (program: string, isNotThere: (stderr: string) => boolean) =>
  ({ exitCode, stderr }: ProgramResult): boolean => {
    const said = complaint(stderr);
    if (exitCode === 0 && (program !== 'debugfs' || said === '')) return true;
    if (exitCode !== undefined && isNotThere(said)) return false;
    const why = exitCode === undefined ? 'it did not finish' : printable(said.split('\n', 1)[0] ?? '', 200);
    throw new HostError(
      'medium-unreadable',
      `${program} could not read a file system of the image: ${why}.`,
      {
        hint: 'The file system is damaged, or newer than the host’s program for it.',
      },
    );
  };

const output =
  (cwd: string, env: Record<string, string>, isThere: (result: ProgramResult) => boolean) =>
  async (command: string, args: readonly string[]): Promise<string | undefined> => {
    const result = await runProgram(command, args, { cwd, env, maxOutput: maxText });
    return isThere(result) ? result.stdout : undefined;
  };
