import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scratchDirectory } from '../../../test/scratch.ts';
import type { Picture } from '../../console/screen/picture.ts';
import { Transcript } from '../../console/serial/transcript.ts';
import { blankPicture, paintText } from '../../console/testing/paint.ts';
import type { Machine } from '../../machine/machine.ts';
import { Vitals } from './vitals.ts';

/** A machine whose screen shows this picture; a PC's memory of text can be asked for, too. */
const machineWith = async (picture: () => Picture, memory?: Uint8Array): Promise<Machine> =>
  ({
    pid: process.pid,
    description: {
      arch: memory === undefined ? 'aarch64' : 'x86_64',
      paths: { pidFile: join(await scratchDirectory(), 'pid') },
    },
    cpuSeconds: () => null,
    qmp: async (execute: string, args?: Record<string, unknown>) => {
      if (execute === 'pmemsave' && memory !== undefined)
        return writeFile(String(args?.['filename']), memory);
      const { width, height, pixels } = picture();
      if (execute !== 'screendump') return [];
      return writeFile(
        String(args?.['filename']),
        Buffer.concat([Buffer.from(`P6\n${width} ${height}\n255\n`), pixels]),
      );
    },
  }) as unknown as Machine;

it('tells a screen that shows nothing', async () => {
  let pixels = Buffer.alloc(12);
  const machine = await machineWith(() => ({ width: 2, height: 2, pixels }));
  const isBlank = async (): Promise<boolean> => {
    const vitals = new Vitals(machine, new Transcript(), () => {});
    await vitals.look(false);
    vitals.close();
    return vitals.isBlank;
  };
  expect(await isBlank()).toBe(true);
  pixels = Buffer.from('a picture of');
  expect(await isBlank()).toBe(false);
});

it('tells the text of a screen of pixels whenever it changed', async () => {
  const picture = blankPicture(1280, 800);
  const told: (readonly string[])[] = [];
  const vitals = new Vitals(await machineWith(() => picture), new Transcript(), (rows) => told.push(rows));
  const show = async (...lines: string[]): Promise<boolean | null> => {
    paintText(picture, lines, { font: '8x16', x: 0, y: 0, ink: 0xaaaaaa, paper: 0 });
    return (await vitals.look(true)).screen;
  };
  const panic =
    '[    1.500000] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)';
  expect(await show('[    1.400000] Freeing unused kernel image memory: 2048K')).toBe(true);
  expect(await show('[    1.400000] Freeing unused kernel image memory: 2048K')).toBe(false);
  expect(await show('[    1.400000] Freeing unused kernel image memory: 2048K', panic)).toBe(true);
  // Only where the guest may speak nowhere else.
  expect((await vitals.look(false)).screen).toBeNull();
  vitals.close();
  expect(told.map((rows) => rows.at(-1))).toEqual([
    '[    1.400000] Freeing unused kernel image memory: 2048K',
    panic,
  ]);
  expect(vitals.text).toContain(panic);
});

it("reads a PC's text mode off what is shown, where its memory begins with what has scrolled away", async () => {
  const picture = blankPicture(720, 400);
  const panic = '[    1.500000] Kernel panic - not syncing: VFS: Unable to mount root fs';
  paintText(picture, [panic], { font: '8x16', x: 0, y: 0, ink: 0xaaaaaa, paper: 0 });
  const memory = Buffer.from('Booting the kernel.'.padEnd(2000), 'utf16le');
  const told: (readonly string[])[] = [];
  const vitals = new Vitals(await machineWith(() => picture, memory), new Transcript(), (rows) =>
    told.push(rows),
  );
  await vitals.look(true);
  vitals.close();
  expect(told).toEqual([[panic]]);
});
