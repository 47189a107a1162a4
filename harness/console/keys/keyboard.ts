/** A layout as XKB names it; `variant` is empty for the plain layout. */
export interface Layout {
  layout: string;
  variant: string;
}

/** Keys held down together, by QEMU's QKeyCode names, e.g. `['shift', '7']`, `['alt_r', '2']`, `['ret']`. */
export type Chord = readonly string[];

/** The machine's keyboard: what a person at the machine would press. */
export interface VirtualKeyboard {
  /**
   * Presses chords one after another; resolves when QEMU has taken the last one.
   * @param options.anew the guest may have come up since it last acknowledged nothing, so it is asked to again. @default false
   */
  press(chords: readonly Chord[], options?: { anew?: boolean }): Promise<void>;
  /** Types text as a person does on a keyboard whose keys mean what `layout` says. */
  type(text: string, layout: Layout): Promise<void>;
}
