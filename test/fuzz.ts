/** Bytes that are broken by chance, but the same in every run. */

/** The same numbers in every run: mulberry32. */
export function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Overwrites some bytes where headers are, and cuts the end off now and then. */
export function mutate(
  original: Buffer,
  random: (below: number) => number,
  headers: readonly (readonly [start: number, length: number])[],
): Buffer {
  const bytes = Buffer.from(original);
  const extremes = [0, 1, 0x7f, 0x80, 0xff];
  for (let count = random(12) + 1; count > 0; count--) {
    const [start, length] = headers[random(headers.length)] ?? [0, 512];
    bytes[start + random(length)] = random(2) === 0 ? random(256) : (extremes[random(extremes.length)] ?? 0);
  }
  return random(4) === 0 ? bytes.subarray(0, random(bytes.length)) : bytes;
}
