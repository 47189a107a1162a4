import type { Canvas } from './canvas.ts';

/** How far a pixel's channels may be from its neighbour's where a surface goes on: a photograph, a gradient. */
const step = 10;
/** How far colours may be that are the same ink over such a surface. */
const spread = 40;
/** How much of a screen a surface has at least. */
const leastSurface = 0.004;
/** Colours of ink; a picture with more of them is no text. */
const mostInks = 96;

/**
 * The same with one colour for each surface of a background picture, and one for all that stands before it in about the
 * same colour: menus mix the colour of their text with the picture behind it (SYSLINUX com32/lib/sys/vesa).
 */
export function flatten({ width, height, colours }: Canvas): Canvas {
  const roots = joinNeighbours(width, height, colours);
  const areas = measure(roots, colours);
  const inks: number[] = [];
  const flat = new Map<number, number>();
  const least = leastSurface * colours.length;
  // The largest first: what most of the ink looks like decides.
  for (const [root, { size, red, green, blue }] of [...areas].sort(([, a], [, b]) => b.size - a.size)) {
    const mean = (Math.round(red / size) << 16) | (Math.round(green / size) << 8) | Math.round(blue / size);
    if (size >= least) flat.set(root, mean);
    else {
      const ink = nearest(inks, mean);
      if (ink === undefined && inks.length < mostInks) inks.push(mean);
      flat.set(root, ink ?? mean);
    }
  }
  return { width, height, colours: Uint32Array.from(roots, (root) => flat.get(root) ?? 0) };
}

/** Of these colours, if one is near enough. */
function nearest(inks: readonly number[], colour: number): number | undefined {
  let best: number | undefined;
  let least = spread + 1;
  for (const ink of inks) {
    const by = distance(ink, colour);
    if (by < least) [best, least] = [ink, by];
  }
  return best;
}

function distance(a: number, b: number): number {
  return Math.max(
    Math.abs((a >> 16) - (b >> 16)),
    Math.abs(((a >> 8) & 255) - ((b >> 8) & 255)),
    Math.abs((a & 255) - (b & 255)),
  );
}

/** For each pixel one pixel that all have which are joined with it, step by small step. */
function joinNeighbours(width: number, height: number, colours: Uint32Array): Int32Array {
  const roots = Int32Array.from({ length: width * height }, (_, at) => at);
  const rootOf = (at: number): number => {
    let root = at;
    while (roots[root] !== root) root = roots[root]!;
    while (roots[at] !== root) [at, roots[at]] = [roots[at]!, root];
    return root;
  };
  const join = (at: number, other: number): void => {
    if (distance(colours[at]!, colours[other]!) > step) return;
    const [a, b] = [rootOf(at), rootOf(other)];
    if (a !== b) roots[Math.max(a, b)] = Math.min(a, b);
  };
  for (let at = 0; at < roots.length; at++) {
    if (at % width !== 0) join(at, at - 1);
    if (at >= width) join(at, at - width);
  }
  for (let at = 0; at < roots.length; at++) roots[at] = rootOf(at);
  return roots;
}

interface Area {
  size: number;
  red: number;
  green: number;
  blue: number;
}

function measure(roots: Int32Array, colours: Uint32Array): Map<number, Area> {
  const areas = new Map<number, Area>();
  roots.forEach((root, at) => {
    let area = areas.get(root);
    if (area === undefined) areas.set(root, (area = { size: 0, red: 0, green: 0, blue: 0 }));
    const colour = colours[at]!;
    area.size += 1;
    area.red += colour >> 16;
    area.green += (colour >> 8) & 255;
    area.blue += colour & 255;
  });
  return areas;
}
