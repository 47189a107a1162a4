import { runningJob } from '../../console/signs/running-job.ts';

/** How many different lines are remembered: more than one animation has, less than a boot says. */
const remembered = 64;
/** So much of a unit's name tells it from others, and is left of it on a console that is too narrow for the rest. */
const jobLength = 16;

/** Tells new lines from those that come again with other numbers, and a new job from one that is still waited for. */
export class NewLines {
  #count = 0;
  readonly #known = new Set<string>();

  /** How many new lines there were. */
  get count(): number {
    return this.#count;
  }

  add(line: string): void {
    const shape = shapeOf(line.slice(0, 200));
    if (this.#known.has(shape)) return;
    this.#count += 1;
    this.#known.add(shape);
    if (this.#known.size > remembered) this.#known.delete(this.#known.values().next().value as string);
  }
}

/** The same for lines that say nothing new. A job's times change their unit, and with their length what is left of its name. */
function shapeOf(line: string): string {
  const job = runningJob(line);
  return job === null ? line.replace(/[\d*\s]+/g, '#') : `job ${job.what.slice(0, jobLength)}`;
}
