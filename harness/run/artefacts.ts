import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { takeScreenshot } from '../console/screenshot.ts';
import type { Emit, Evidence } from '../events.ts';
import type { MachineDescription } from '../machine/description.ts';
import type { Machine } from '../machine/machine.ts';
import { reproduceScript } from '../machine/reproduce.ts';
import { qemuBinary } from '../machine/version.ts';

/** A cell's files in the report: `cells/<id>/`. */
export class CellArtefacts {
  readonly directory: string;
  readonly #cell: string;
  readonly #emit: Emit;

  constructor(cell: string, out: string, emit: Emit) {
    this.directory = join(out, 'cells', cell);
    this.#cell = cell;
    this.#emit = emit;
  }

  /** Tells the report of a file in the cell's directory. */
  attach(name: string, file: string): void {
    this.#emit({ type: 'attachment', cell: this.#cell, name, path: join('cells', this.#cell, file) });
  }

  /** Writes `qemu.sh`, which boots the same machine by hand. */
  async writeReproduction(description: MachineDescription): Promise<void> {
    const path = join(this.directory, 'qemu.sh');
    await writeFile(path, reproduceScript(description, await qemuBinary(description.arch)));
    await chmod(path, 0o755);
    this.attach('boots this machine by hand', 'qemu.sh');
  }

  /** Saves what is on the virtual screen as `<name>.png`. */
  async screenshot(machine: Machine, name: string): Promise<Evidence> {
    const file = `${name}.png`;
    await takeScreenshot((execute, args) => machine.qmp(execute, args), join(this.directory, file));
    this.attach('screenshot', file);
    return { action: 'screenshot', observed: join('cells', this.#cell, file), access: 'keyboard' };
  }
}
