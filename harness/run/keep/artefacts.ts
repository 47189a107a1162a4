import { chmod, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Qmp } from '../../console/keys/qmp-keyboard.ts';
import { describeScreen } from '../../console/screen/screen.ts';
import { takeScreenshot } from '../../console/screen/screenshot.ts';
import type { Emit, EventOf, Evidence, Rung } from '../../events.ts';
import type { MachineDescription } from '../../machine/board/description.ts';
import type { Machine } from '../../machine/machine.ts';
import { reproduceScript } from '../../machine/reproduce.ts';
import { qemuBinary } from '../../machine/version.ts';

/** A cell's files in the report: `cells/<id>/`. */
export class CellArtefacts {
  readonly directory: string;
  readonly #cell: string;
  /** Relative to the output directory. */
  readonly #shownDirectory: string;
  readonly #emit: Emit;
  readonly #prefix: string;

  /**
   * @param rung of the boot whose files these are; those of a further boot have it in front of their names.
   * @param below a directory of their own in the cell's. @default none
   */
  constructor(cell: string, out: string, emit: Emit, rung: Rung = 'shipped', below = '') {
    this.#shownDirectory = join('cells', cell, below);
    this.directory = join(out, this.#shownDirectory);
    this.#prefix = rung === 'shipped' ? '' : `${rung}-`;
    this.#cell = cell;
    this.#emit = emit;
  }

  /** A file's path. */
  path(file: string): string {
    return join(this.directory, `${this.#prefix}${file}`);
  }

  /** Tells the report of a file in the cell's directory. */
  attach(name: string, file: string, more: Pick<EventOf<'attachment'>, 'shows' | 'detail'> = {}): void {
    this.#emit({ type: 'attachment', cell: this.#cell, name, path: this.shown(file), ...more });
  }

  /** Writes `qemu.sh`, which boots the same machine by hand. */
  async writeReproduction(description: MachineDescription): Promise<void> {
    const path = this.path('qemu.sh');
    await writeFile(path, reproduceScript(description, await qemuBinary(description.arch)));
    await chmod(path, 0o755);
    this.attach('boots this machine by hand', 'qemu.sh');
  }

  /** Saves what is on the virtual screen as `<name>.png`, and tells what can be read off it. */
  async screenshot(machine: Machine, name: string): Promise<Evidence> {
    const file = `${name}.png`;
    const qmp: Qmp = (execute, args) => machine.qmp(execute, args);
    const toRead = join(dirname(machine.description.paths.pidFile), `${name}.ppm`);
    // Asked for at once, so that nothing that is done to the machine comes in between.
    const [shown] = await Promise.all([
      describeScreen(qmp, toRead).catch(() => null),
      takeScreenshot(qmp, this.path(file)),
    ]);
    const shows = shown?.shows ?? null;
    this.attach('screenshot', file, shows === null ? {} : { shows });
    await this.#keepText(name, shown?.text ?? null);
    const observed = this.shown(file);
    return {
      action: 'screenshot',
      observed: shows === null ? observed : `${observed} shows: ${shows}`,
      access: 'keyboard',
    };
  }

  /** The screen's text beside its picture, where a report and a person can search it. */
  async #keepText(name: string, text: string | null): Promise<void> {
    if (text === null) return;
    const file = `${name}.txt`;
    await writeFile(this.path(file), text);
    this.attach('text on the screen', file, { detail: true });
  }

  /** What was read off the screen while the machine booted, line by line; nothing where it said all on serial. */
  async keepScreenLog(text: string): Promise<void> {
    if (text === '') return;
    const file = 'screen.log';
    await writeFile(this.path(file), text);
    this.attach('text of the screen while it booted', file, { detail: true });
  }

  /** A file's path as the report tells it: relative to the output directory. */
  shown(file: string): string {
    return join(this.#shownDirectory, `${this.#prefix}${file}`);
  }
}
