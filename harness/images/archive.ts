import type { Content } from './content.ts';

const block = 512;
/** Members that are looked at: what tells an archive comes early in it. */
const maxMembers = 64;

/** What a member's name says of the archive that it is in; `todo` is an imperative. */
const kinds = [
  {
    member: /\.ovf$/,
    name: 'an OVA (a tar with an OVF in it)',
    todo: 'unpack it (tar xf) and give its disk',
  },
  {
    member: /^(\.\/)?oci-layout$/,
    name: 'an OCI container image',
    todo: 'run it as a container; it is no machine',
  },
  {
    member: /^(\.\/)?manifest\.json$/,
    name: 'a docker-archive container image',
    todo: 'run it as a container; it is no machine',
  },
  {
    member: /^(\.\/)?disk\.raw$/,
    name: 'a Google Compute Engine archive',
    todo: 'unpack it (tar xf) and give disk.raw',
  },
];
const other = {
  name: 'a tar archive',
  todo: 'unpack it (tar xf) and give the disk image inside, if there is one',
};

/** Says what a tar archive holds, by the names of its first members; undefined when it is none. */
export async function archiveOf(content: Content): Promise<{ name: string; todo: string } | undefined> {
  let at = 0;
  for (let index = 0; index < maxMembers; index++) {
    const header = await content.read(at, block);
    if (header.toString('latin1', 257, 262) !== 'ustar') break;
    const name = header.toString('latin1', 0, 100).split('\0', 1)[0] ?? '';
    const kind = kinds.find(({ member }) => member.test(name));
    if (kind !== undefined) return kind;
    // Sizes of 8 GiB and more are not octal; what tells the archive comes before such a member.
    const size = Number.parseInt(header.toString('latin1', 124, 136), 8);
    if (!Number.isSafeInteger(size) || size < 0) break;
    at += block + Math.ceil(size / block) * block;
  }
  return at > 0 || (await content.read(0, block)).toString('latin1', 257, 262) === 'ustar'
    ? other
    : undefined;
}
