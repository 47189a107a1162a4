/** A file of an initrd: its text, or so many zeros. */
export type CpioFile = { path: string; text: string; executable?: true } | { path: string; size: number };

const regular = 0o100000;
const end = 'TRAILER!!!';

/** A cpio archive in the `newc` format that Linux unpacks as an initrd (Documentation/driver-api/early-userspace). */
export function cpio(files: readonly CpioFile[]): Buffer {
  return Buffer.concat([
    ...files.flatMap((file, index) => {
      const content = 'text' in file ? Buffer.from(file.text) : Buffer.alloc(file.size);
      const mode = regular + ('text' in file && file.executable === true ? 0o755 : 0o644);
      return [header(file.path, { inode: index + 1, mode, size: content.length }), padded(content)];
    }),
    header(end, { inode: 0, mode: 0, size: 0 }),
  ]);
}

function header(path: string, { inode, mode, size }: { inode: number; mode: number; size: number }): Buffer {
  const links = 1;
  const fields = [inode, mode, 0, 0, links, 0, size, 0, 0, 0, 0, path.length + 1, 0];
  const digits = fields.map((field) => field.toString(16).padStart(8, '0')).join('');
  return padded(Buffer.from(`070701${digits}${path}\0`));
}

/** Everything begins at a multiple of 4 bytes. */
const padded = (part: Buffer): Buffer => Buffer.concat([part, Buffer.alloc((4 - (part.length % 4)) % 4)]);
