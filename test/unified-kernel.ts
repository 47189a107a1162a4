/** A unified kernel image made byte by byte: a PE with these sections, in this order, and no code. */
export function unifiedKernel(
  sections: readonly (readonly [name: string, content: Buffer | string])[],
): Buffer {
  const alignment = 512;
  const headAt = 64;
  const optional = 112;
  const tableAt = headAt + 24 + optional;
  const head = Buffer.alloc(Math.ceil((tableAt + sections.length * 40) / alignment) * alignment);
  head.write('MZ', 0, 'latin1');
  head.writeUInt32LE(headAt, 60);
  head.write('PE\0\0', headAt, 'latin1');
  head.writeUInt16LE(0x8664, headAt + 4);
  head.writeUInt16LE(sections.length, headAt + 6);
  head.writeUInt16LE(optional, headAt + 20);
  head.writeUInt16LE(0x20b, headAt + 24);
  const contents: Buffer[] = [];
  let at = head.length;
  for (const [index, [name, content]] of sections.entries()) {
    const bytes = Buffer.from(content);
    const padded = Buffer.alloc(Math.ceil(bytes.length / alignment) * alignment, 0xcc);
    bytes.copy(padded);
    const entry = head.subarray(tableAt + index * 40, tableAt + (index + 1) * 40);
    entry.write(name, 0, 8, 'latin1');
    entry.writeUInt32LE(bytes.length, 8);
    entry.writeUInt32LE(padded.length, 16);
    entry.writeUInt32LE(at, 20);
    contents.push(padded);
    at += padded.length;
  }
  return Buffer.concat([head, ...contents]);
}
