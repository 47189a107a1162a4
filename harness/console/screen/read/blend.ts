/** How programs draw a pixel of which `alpha` of 255 is ink: kmscon's uterm_drm2d_render.c, and its uterm_fbdev_render.c. */
const mixes: readonly ((ink: number, paper: number, alpha: number) => number)[] = [
  (ink, paper, alpha) => {
    const sum = ink * alpha + paper * (255 - alpha) + 0x80;
    return (sum + (sum >> 8)) >> 8;
  },
  (ink, paper, alpha) => (ink * alpha + paper * (255 - alpha)) >> 8,
];

/** The colours of every share of ink, by each way to mix them. */
export function mixTables(ink: number, paper: number): Uint32Array[] {
  return mixes.map((mix) =>
    Uint32Array.from({ length: 256 }, (_, alpha) => {
      if (alpha === 0 || alpha === 255) return alpha === 0 ? paper : ink;
      const channel = (shift: number): number =>
        mix((ink >> shift) & 255, (paper >> shift) & 255, alpha) << shift;
      return channel(16) | channel(8) | channel(0);
    }),
  );
}
