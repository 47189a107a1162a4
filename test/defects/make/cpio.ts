/** What an initrd is made of: a file, so many zeros, or a directory. */
export type CpioFile =
  | { path: string; content: Buffer; executable?: true }
  | { path: string; size: number }
  | { path: string; directory: true };

const end = 'TRAILER!!!';

/** A cpio archive in the `newc` format that Linux unpacks as an initrd (Documentation/driver-api/early-userspace). */
export function cpio(files: readonly CpioFile[]): Buffer {
  return Buffer.concat([
    ...files.flatMap((file, index) => {
      const content = contentOf(file);
      const fields = { inode: index + 1, mode: modeOf(file), size: content.length };
      return [header(file.path, fields), padded(content)];
    }),
    header(end, { inode: 0, mode: 0, size: 0 }),
  ]);
}

function contentOf(file: CpioFile): Buffer {
  if ('content' in file) return file.content;
  return Buffer.alloc('size' in file ? file.size : 0);
}

function modeOf(file: CpioFile): number {
  if ('directory' in file) return 0o040755;
  return 'executable' in file ? 0o100755 : 0o100644;
}

function header(path: string, { inode, mode, size }: { inode: number; mode: number; size: number }): Buffer {
  const links = 1;
  const fields = [inode, mode, 0, 0, links, 0, size, 0, 0, 0, 0, path.length + 1, 0];
  const digits = fields.map((field) => field.toString(16).padStart(8, '0')).join('');
  return padded(Buffer.from(`070701${digits}${path}\0`));
}

/** Everything begins at a multiple of 4 bytes. */
const padded = (part: Buffer): Buffer => Buffer.concat([part, Buffer.alloc((4 - (part.length % 4)) % 4)]);

/** Puts another archive behind an initrd: what is in both is as in the later. */
export const behind =
  (archive: Buffer) =>
  (initrd: Buffer): Buffer =>
    Buffer.concat([padded(initrd), archive]);
