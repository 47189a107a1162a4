const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit++) value = (value << 1) ^ (value < 0 ? 0x04c11db7 : 0);
  return value >>> 0;
});

/** POSIX `cksum`, the one digest that every guest can compute: CRC and length as `<crc>-<length>`. */
export function cksum(text: string): string {
  const data = Buffer.from(text);
  let crc = 0;
  const add = (byte: number): void => {
    crc = ((crc << 8) ^ (table[(crc >>> 24) ^ byte] ?? 0)) >>> 0;
  };
  for (const byte of data) add(byte);
  for (let length = data.length; length > 0; length = Math.floor(length / 256)) add(length & 0xff);
  return `${~crc >>> 0}-${data.length}`;
}
