import { readFileSync } from 'node:fs';
import { PNG } from 'pngjs';
import type { Picture } from '../harness/console/screen/picture.ts';
import { ScreenReader } from '../harness/console/screen/read/screen-reader.ts';
import { readPng } from '../test/screens/picture.ts';
import { median, type Result } from './result.ts';

/** A kernel's messages and a terminal under kmscon, both of 1280 by 800 pixels. */
const screens = { console: 'initrd-emergency-uefi', kmscon: 'nixos-iso-kmscon' } as const;
const rounds = 40;
const rowHeight = { console: 16, kmscon: 20 } as const;

/** CPU time to read a screen of 1280 by 800: one that nobody saw before, and one that scrolled by a line. */
export async function screen(): Promise<Result[]> {
  const results = (['console', 'kmscon'] as const).flatMap((name) => {
    const file = new URL(`../test/screens/${screens[name]}.png`, import.meta.url);
    const picture = readPng(file);
    const scrolled = scroll(picture, rowHeight[name]);
    const png = readFileSync(file);
    const decode = medianOf(() => void PNG.sync.read(png));
    const first = medianOf(() => void new ScreenReader().read(picture));
    const reader = new ScreenReader();
    reader.read(picture);
    let turn = 0;
    const next = medianOf(() => void reader.read(turn++ % 2 === 0 ? scrolled : picture));
    return [
      {
        name: `${name}: reading a screen that scrolled over decoding it as PNG, CPU time`,
        value: next / decode,
        goal: 1.5,
        of: `${next.toFixed(1)} ms / ${decode.toFixed(1)} ms; one that nobody saw before ${first.toFixed(1)} ms`,
      },
      {
        name: `${name}: CPU time to read a screen that scrolled`,
        value: next / 1000,
        unit: 's',
        goal: 0.02,
        of: `median of ${rounds} looks at 1280 by 800 pixels`,
      },
    ] satisfies Result[];
  });
  return results;
}

/** The same with all of it higher by so many pixels. */
function scroll({ width, height, pixels }: Picture, by: number): Picture {
  const moved = new Uint8Array(pixels.length);
  moved.set(pixels.subarray(3 * width * by));
  return { width, height, pixels: moved };
}

/** Milliseconds of this process; what else the machine does is not in it. */
function medianOf(work: () => void): number {
  return median(
    Array.from({ length: rounds }, () => {
      const began = process.cpuUsage();
      work();
      const { user, system } = process.cpuUsage(began);
      return (user + system) / 1000;
    }),
  );
}
