import type { Content } from '../content.ts';

/** Whether an ext2, ext3 or ext4 file system begins at a byte, by the magic in its superblock. */
export const isExt = async (content: Content, start: number): Promise<boolean> =>
  (await content.read(start + 1080, 2)).readUInt16LE(0) === 0xef53;
