import { hash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { isBlank, readPicture } from '../../console/screen/picture.ts';
import { readTextScreen } from '../../console/screen/text-screen.ts';
import type { Transcript } from '../../console/serial/transcript.ts';
import { askMonitor } from '../../machine/sockets/hmp.ts';
import type { Machine } from '../../machine/machine.ts';
import { starvationMeter } from '../../machine/process/starvation.ts';
import type { Deeds } from './activity.ts';
import { NewLines } from './new-lines.ts';
import { areHaltedForGood, readProcessors } from './processors.ts';

/** A picture is some MiB of work for QEMU: it is looked at only where all else is quiet, and only so often. */
const pictureSeconds = 15;
const pictures = 4;

/** What was counted since power-on. */
interface Counters {
  at: number;
  cpu: number | null;
  disk: number | null;
  chunks: number;
  characters: number;
  news: number;
  starved: number;
}

/** Looks at what a machine does, as it shows outside of the guest: cheap enough for every few seconds. */
export class Vitals {
  readonly #machine: Machine;
  readonly #transcript: Transcript;
  readonly #onText: (rows: string[]) => void;
  readonly #scratch: string;
  readonly #newLines = new NewLines();
  readonly #stops: (() => void)[];
  readonly #starved: () => number;
  #chunks = 0;
  #before: Counters;
  #text = '';
  /** The last different ones: a cursor blinks. */
  #pictures: string[] = [];
  #pictureAt = -Infinity;
  #isBlank = false;

  /** @param onText is told what the screen shows in text mode, whenever that changed. */
  constructor(machine: Machine, transcript: Transcript, onText: (rows: string[]) => void) {
    this.#machine = machine;
    this.#transcript = transcript;
    this.#onText = onText;
    this.#scratch = dirname(machine.description.paths.pidFile);
    this.#stops = [
      transcript.onChange(() => {
        this.#chunks += 1;
      }),
      transcript.onLine((line) => this.#newLines.add(line)),
    ];
    this.#starved = starvationMeter(machine.pid);
    this.#before = this.#count(null);
  }

  /** What the screen last showed in text mode; empty where it did not. */
  get text(): string {
    return this.#text;
  }

  /** Whether the screen showed nothing at all when it was last looked at. */
  get isBlank(): boolean {
    return this.#isBlank;
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }

  /**
   * What happened since the last look, as far as QEMU tells.
   * @param readsScreen the guest may speak on the screen alone
   */
  async look(readsScreen: boolean): Promise<Deeds> {
    const before = this.#before;
    const now = this.#count(await known(this.#diskAccesses()));
    this.#before = now;
    const seconds = now.at - before.at;
    const since = (of: 'cpu' | 'disk'): number | null =>
      now[of] === null || before[of] === null ? null : Math.max(0, now[of] - before[of]);
    const deeds: Deeds = {
      seconds,
      starved: now.starved - before.starved,
      cpu: since('cpu'),
      disk: since('disk'),
      // Escape sequences are something, too.
      characters: Math.max(now.characters - before.characters, Math.sign(now.chunks - before.chunks)),
      news: now.news - before.news,
      screen: null,
      halted: false,
    };
    const isQuiet = deeds.characters === 0 && (deeds.disk ?? 0) === 0;
    if (readsScreen && this.#hasTextMode) deeds.screen = await known(this.#readText());
    if (isQuiet && deeds.screen === null && now.at - this.#pictureAt >= pictureSeconds) {
      this.#pictureAt = now.at;
      deeds.screen = await known(this.#comparePicture());
    }
    if (isQuiet && (deeds.cpu ?? seconds) < seconds / 2)
      deeds.halted = (await known(this.#isHalted())) ?? false;
    return deeds;
  }

  #count(disk: number | null): Counters {
    return {
      at: performance.now() / 1000,
      cpu: this.#machine.cpuSeconds(),
      disk,
      chunks: this.#chunks,
      characters: this.#transcript.end,
      news: this.#newLines.count,
      starved: this.#starved(),
    };
  }

  async #diskAccesses(): Promise<number | null> {
    const devices = (await this.#machine.qmp('query-blockstats')) as {
      stats: { rd_operations: number; wr_operations: number };
    }[];
    if (!Array.isArray(devices)) return null;
    return devices.reduce((sum, { stats }) => sum + stats.rd_operations + stats.wr_operations, 0);
  }

  /** A PC's BIOS starts in text mode; UEFI never has it, and says on serial what it says. */
  get #hasTextMode(): boolean {
    const { arch, uefi } = this.#machine.description;
    return arch === 'x86_64' && uefi === undefined;
  }

  /** Whether the text changed; null where there is none. */
  async #readText(): Promise<boolean | null> {
    const rows = await readTextScreen(
      (...call) => this.#machine.qmp(...call),
      join(this.#scratch, 'text.bin'),
    );
    if (rows === null) return null;
    const text = rows.join('\n');
    this.#isBlank = text === '';
    if (text === this.#text) return false;
    this.#text = text;
    this.#onText(rows);
    return true;
  }

  /** Whether the picture is one that was not there lately; null for the first, and where it is too large to be read. */
  async #comparePicture(): Promise<boolean | null> {
    const filename = join(this.#scratch, 'look.ppm');
    const picture = await readPicture((...call) => this.#machine.qmp(...call), filename);
    this.#isBlank = picture !== null && isBlank(picture);
    if (picture === null) return null;
    const digest = `${picture.width}x${picture.height} ${hash('sha1', picture.pixels)}`;
    const isNew = !this.#pictures.includes(digest);
    const isFirst = this.#pictures.length === 0;
    if (isNew) this.#pictures = [...this.#pictures.slice(1 - pictures), digest];
    return isFirst ? null : isNew;
  }

  /** Only a PC's registers tell in words that are the same for every QEMU. */
  async #isHalted(): Promise<boolean> {
    if (this.#machine.description.arch !== 'x86_64') return false;
    const registers = await askMonitor((...call) => this.#machine.qmp(...call), 'info registers -a');
    return areHaltedForGood(readProcessors(registers));
  }
}

/** What one QEMU does not tell another may; one that is gone is noticed elsewhere. */
const known = <T>(answer: Promise<T>): Promise<T | null> => answer.catch(() => null);
