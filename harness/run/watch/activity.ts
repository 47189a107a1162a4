/** What a machine did between two looks at it; null is unknown. */
export interface Deeds {
  /** How long that was. */
  seconds: number;
  /** Seconds of these in which the host gave it no processor. */
  starved: number;
  /** Seconds of CPU time that it took. */
  cpu: number | null;
  /** Disk accesses. */
  disk: number | null;
  /** Characters on serial. */
  characters: number;
  /** Lines on serial that say something new: an animation that waits for a job does not. */
  news: number;
  /** Whether the screen shows something new; null where nobody looked. */
  screen: boolean | null;
  /** Nothing new, and yet it changed: numbers, bars and spinners move on it. */
  counters: boolean;
  /** All its processors are halted with interrupts off: nothing but a reset wakes them. */
  halted: boolean;
}

/** Less of one core than this is a guest whose processor sleeps: QEMU's own timers, a cursor that blinks. */
const idleShare = 0.1;
/** What is told of a machine that is busy is what it did in so many seconds. */
const windowSeconds = 30;
/** For so long it must have been seen halted, look after look: firmware may pass through such a moment. */
const haltedSeconds = 5;

/** A host may be twice as slow as it was when it was measured; more would let each hang last for ever. */
const leastShare = 0.5;

/** The time in which a machine could have done something: what its host took from it is not held against it. */
export const ownSeconds = ({ seconds, starved }: Pick<Deeds, 'seconds' | 'starved'>): number =>
  Math.max(seconds * leastShare, seconds - starved);

/** Where its host kept it from running for most of that time: how long, for a person; else null. */
export function starvationOf({ seconds, starved }: Pick<Deeds, 'seconds' | 'starved'>): string | null {
  if (starved < seconds * leastShare) return null;
  return `for ${Math.round(starved)} of ${Math.round(seconds)} s it waited for a processor of the host`;
}

/**
 * Of the processor time that a guest wanted: what its host may refuse before what ran out by the guest's own clock is held
 * against the host. Far below what keeps a guest from running, since 90 s for a device are little on a slow host.
 */
const leastRefused = { share: 0.25, seconds: 10 };

/** What a machine has been doing lately: whether it gets on, works without a result, or sleeps. */
export class Activity {
  /** Seconds since it last showed progress: a new line on serial, a disk access, something new on the screen. */
  still = 0;
  /** Seconds for which it has done nothing at all. */
  idle = 0;
  #starved = 0;
  #all = 0;
  #cpu = 0;
  #halted = 0;
  #window: Deeds[] = [];
  #screenSeen = false;
  #countersSeen = false;

  add(deeds: Deeds): void {
    const getsOn = deeds.news > 0 || (deeds.disk ?? 0) > 0 || deeds.screen === true;
    const sleeps = deeds.cpu !== null && deeds.cpu < idleShare * deeds.seconds;
    this.still = getsOn ? 0 : this.still + ownSeconds(deeds);
    this.idle = getsOn || !sleeps || deeds.characters > 0 ? 0 : this.idle + ownSeconds(deeds);
    this.#halted = deeds.halted && sleeps ? this.#halted + deeds.seconds : 0;
    this.#screenSeen = !getsOn && (this.#screenSeen || deeds.screen === false);
    this.#countersSeen = !getsOn && (this.#countersSeen || deeds.counters);
    this.#starved += deeds.starved;
    this.#all += deeds.seconds;
    this.#cpu += deeds.cpu ?? 0;
    this.#window.push(deeds);
    while (this.#seconds - (this.#window[0]?.seconds ?? 0) >= windowSeconds) this.#window.shift();
  }

  /** It cannot go on by itself. */
  get dead(): boolean {
    return this.#halted >= haltedSeconds;
  }

  /** Where its host kept it from running for most of the time since power-on: how long, for a person; else null. */
  get starvation(): string | null {
    return starvationOf({ seconds: this.#all, starved: this.#starved });
  }

  /**
   * Where its host refused it a good part of the processor time that it wanted since power-on: how much, for a person; else
   * null. The time in which it wanted none does not count.
   */
  get crowding(): string | null {
    const wanted = this.#cpu + this.#starved;
    const { share, seconds } = leastRefused;
    if (this.#starved < seconds || this.#starved < share * wanted) return null;
    return `of the ${Math.round(wanted)} s for which it wanted a processor of the host it waited ${Math.round(this.#starved)} s`;
  }

  /** One clause, for a person. */
  describe(): string {
    const { cpu, disk, characters, starved } = this.#totals();
    const seconds = this.#seconds;
    const facts = [
      ...(cpu === null || seconds === 0 ? [] : [`CPU at ${Math.round((100 * cpu) / seconds)} %`]),
      ...(disk === null ? [] : [disk === 0 ? 'no disk access' : `${disk} disk accesses`]),
      characters === 0 ? 'nothing on serial' : `${characters} characters on serial`,
      ...(this.#countersSeen
        ? ['nothing but counters moves on the screen']
        : this.#screenSeen
          ? ['screen unchanged']
          : []),
      ...(starved < 1 ? [] : [`waiting ${Math.round(starved)} s for a processor of the host`]),
    ];
    if (
      this.#window.length > 0 &&
      this.idle >= this.#window.reduce((sum, deeds) => sum + ownSeconds(deeds), 0)
    )
      return `idle for ${Math.round(this.idle)} s: ${facts.join(', ')}`;
    return `in its last ${Math.round(seconds)} s ${facts.join(', ')}`;
  }

  get #seconds(): number {
    return this.#window.reduce((sum, { seconds }) => sum + seconds, 0);
  }

  #totals(): { cpu: number | null; disk: number | null; characters: number; starved: number } {
    const sum = (of: (deeds: Deeds) => number | null): number | null =>
      this.#window.reduce<number | null>((total, deeds) => {
        const one = of(deeds);
        return one === null ? total : (total ?? 0) + one;
      }, null);
    return {
      cpu: sum(({ cpu }) => cpu),
      disk: sum(({ disk }) => disk),
      characters: sum(({ characters }) => characters) ?? 0,
      starved: sum(({ starved }) => starved) ?? 0,
    };
  }
}
