import { dirname, join } from 'node:path';
import { isBlank, type Picture, readPicture } from '../../console/screen/picture.ts';
import { type PictureChange, PictureNovelty } from '../../console/screen/picture-novelty.ts';
import { PixelScreen } from '../../console/screen/pixel-screen.ts';
import { ScreenNovelty } from '../../console/screen/shape.ts';
import type { Transcript } from '../../console/serial/transcript.ts';
import { askMonitor } from '../../machine/sockets/hmp.ts';
import type { Machine } from '../../machine/machine.ts';
import { starvationMeter } from '../../machine/process/starvation.ts';
import type { Deeds } from './activity.ts';
import { NewLines } from './new-lines.ts';
import { areHaltedForGood, type Processor, readProcessors, runKernel } from './processors.ts';

/** A picture is some MiB of work for QEMU: where it has no text, it is looked at only if all else is quiet, and only so often. */
const pictureSeconds = 15;

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
  readonly #pictureFile: string;
  readonly #newLines = new NewLines();
  readonly #stops: (() => void)[];
  readonly #starved: () => number;
  #chunks = 0;
  #before: Counters;
  #rows: readonly string[] | null = null;
  readonly #texts = new ScreenNovelty();
  readonly #pictures = new PictureNovelty();
  #pixels = new PixelScreen();
  #kernelRan: boolean | null = null;
  #pictureAt = -Infinity;
  #isBlank = false;

  /** @param onText is told what text the screen shows, whenever that changed. */
  constructor(machine: Machine, transcript: Transcript, onText: (rows: string[]) => void) {
    this.#machine = machine;
    this.#transcript = transcript;
    this.#onText = onText;
    this.#pictureFile = join(dirname(machine.description.paths.pidFile), 'look.ppm');
    this.#stops = [
      transcript.onChange(() => {
        this.#chunks += 1;
      }),
      transcript.onLine((line) => this.#newLines.add(line)),
    ];
    this.#starved = starvationMeter(machine.pid);
    this.#before = this.#count(null);
  }

  /** The text that the screen showed last; empty where there was none that can be read. */
  get text(): string {
    return this.#rows?.join('\n') ?? '';
  }

  /** The same by rows; null where it cannot be read. */
  get rows(): readonly string[] | null {
    return this.#rows;
  }

  /** Whether a kernel was seen to run since power-on or the last reset; null where nobody can tell. */
  get kernelRan(): boolean | null {
    return this.#kernelRan;
  }

  /** Accesses to the machine's disks since power-on; null where QEMU does not tell. */
  get diskAccesses(): number | null {
    return this.#before.disk;
  }

  /** The machine was reset: no kernel has run since. */
  rebooted(): void {
    this.#kernelRan = null;
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
      counters: false,
      halted: false,
    };
    const isQuiet = deeds.characters === 0 && (deeds.disk ?? 0) === 0;
    let change: PictureChange | null = null;
    if (readsScreen) change = await known(this.#readText());
    // What it remembers is some MiB.
    else this.#pixels = new PixelScreen();
    if (isQuiet && change === null && now.at - this.#pictureAt >= pictureSeconds) {
      this.#pictureAt = now.at;
      change = await known(this.#comparePicture());
    }
    deeds.screen = change === null ? null : change === 'new';
    deeds.counters = change === 'counters';
    const mayBeHalted = isQuiet && (deeds.cpu ?? seconds) < seconds / 2;
    const processors = this.#kernelRan !== true || mayBeHalted ? await known(this.#processors()) : null;
    deeds.halted = mayBeHalted && areHaltedForGood(processors ?? []);
    if (this.#kernelRan !== true) this.#kernelRan = runKernel(processors ?? []) ?? this.#kernelRan;
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

  /** How the text changed; null where there is none. */
  async #readText(): Promise<PictureChange | null> {
    const rows = await this.#readPixels();
    const before = this.text;
    this.#rows = rows;
    if (rows === null) return null;
    this.#isBlank = this.text === '';
    if (this.text === before) return 'same';
    this.#onText(rows);
    return this.#texts.add(rows) ? 'new' : 'counters';
  }

  /**
   * Null where no text can be read. A PC's text mode is read off its pixels, too: Linux scrolls it by moving where in VGA's
   * memory the screen begins (vgacon_scroll in drivers/video/console/vgacon.c), and QEMU tells nobody where that is.
   */
  #readPixels(): Promise<string[] | null> {
    return this.#pixels.look((...call) => this.#machine.qmp(...call), this.#pictureFile);
  }

  #takePicture(): Promise<Picture | null> {
    return readPicture((...call) => this.#machine.qmp(...call), this.#pictureFile);
  }

  /** How the picture differs from those before; null for the first, and where it is too large to be read. */
  async #comparePicture(): Promise<PictureChange | null> {
    const picture = await this.#takePicture();
    this.#isBlank = picture !== null && isBlank(picture);
    return picture === null ? null : this.#pictures.add(picture);
  }

  async #processors(): Promise<Processor[]> {
    return readProcessors(await askMonitor((...call) => this.#machine.qmp(...call), 'info registers -a'));
  }
}

/** What one QEMU does not tell another may; one that is gone is noticed elsewhere. */
const known = <T>(answer: Promise<T>): Promise<T | null> => answer.catch(() => null);
