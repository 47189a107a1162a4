import type { Chord, Layout } from '../keys/keyboard.ts';
import { chordsForText } from '../keys/layouts.ts';
import type { ScreenText } from '../screen/screen-text.ts';

/** What is wanted of a boot menu: these words at the end of its default entry's command line, and that it boots. */
export interface MenuRequest {
  /** With a blank in front. */
  words: string;
  /** The default entry's name, for loaders that ask for one. */
  label?: string;
}

/** What a step is for; told to the next one. */
export type Deed = 'wake' | 'leave' | 'ask' | 'open' | 'move' | 'type' | 'undo' | 'boot';

export interface Step {
  does: Deed;
  keys: readonly Chord[];
  /** Something counts down, and all that matters of the screen is there. */
  urgent?: true;
}

/** One bootloader's menu. Everything is read off the screen, and nothing remembered but the last deed. */
export interface Loader {
  /** For a sentence. */
  name: string;
  /** What comes next; null where this is not its menu, or not all of it. */
  next(screen: ScreenText, request: MenuRequest, before: Deed | null): Step | null;
  /** Takes back what was typed. */
  undo: readonly Chord[];
}

/** What keys mean to firmware and bootloaders. */
const us: Layout = { layout: 'us', variant: '' };

/** The text's keys. */
export const keysOf = (text: string): Chord[] => chordsForText(us, text);
