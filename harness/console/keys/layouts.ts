import { UsageError } from '../../errors.ts';
import type { Chord, Layout } from './keyboard.ts';
import data from './layouts/layouts.json' with { type: 'json' };

/** What a key gives alone, with Shift, with the third level's key, with both: a character, `dead_…`, or nothing. */
type Levels = readonly (string | null)[];

interface Table {
  /** The key that is held for the third level, AltGr on most layouts; null where there is none. */
  third: string | null;
  keys: Readonly<Record<string, Levels>>;
}

const tables: Readonly<Record<string, Table>> = data.layouts;
const compositions: Readonly<Record<string, Readonly<Record<string, string>>>> = data.compositions;

/** Keys that give the same character whatever the layout is. */
const plainKeys: Readonly<Record<string, string>> = {
  ret: '\n',
  tab: '\t',
  spc: ' ',
  esc: '\x1b',
  backspace: '\x7f',
};
/** Keys beside those of a US keyboard: only typed for what the others do not give without AltGr. */
const extraKeys: ReadonlySet<string> = new Set(['less', 'ro']);

const nameOf = ({ layout, variant }: Layout): string => (variant === '' ? layout : `${layout}(${variant})`);

/** The layouts whose keys are known, from xkeyboard-config by `layouts/generate.ts`. */
export const knownLayouts: readonly Layout[] = Object.keys(tables).map((name) => {
  const [layout = '', variant = ''] = name.split(/[()]/);
  return { layout, variant };
});

/** @throws UsageError `unknown-layout` */
function tableOf(layout: Layout): Table {
  const table = tables[nameOf(layout)];
  if (table) return table;
  const known = Object.keys(tables).join(', ');
  throw new UsageError('unknown-layout', `Expected a keyboard layout of ${known}; got ${nameOf(layout)}.`);
}

/**
 * What the right Alt key is: the third level's, Alt, or something else.
 * @throws UsageError `unknown-layout`
 */
export function altGrOf(layout: Layout): 'third-level' | 'alt' | 'other' {
  const { third } = tableOf(layout);
  return third === null ? 'alt' : third === 'alt_r' ? 'third-level' : 'other';
}

/** Every character that a layout can type, dead keys included. */
export const typableCharacters = (layout: Layout): string[] =>
  // Some dead keys give two: a letter, and an accent that combines with it.
  [...typingTable(layout).keys()].filter((text) => [...text].length === 1);

/**
 * What these keys give to a program on the layout, dead keys composed as X's Compose file has it. Ctrl and Alt give what
 * a terminal makes of them; AltGr is Alt where the layout has none.
 * @throws UsageError `unknown-layout`
 */
export function charactersFor(layout: Layout, chords: readonly Chord[]): string {
  const { third, keys } = tableOf(layout);
  let text = '';
  let dead: string | null = null;
  for (const chord of chords) {
    const held = new Set(chord.slice(0, -1));
    const key = chord.at(-1) ?? '';
    const isThird = third !== null && held.has(third);
    const levels = keys[key] ?? [plainKeys[key] ?? null];
    // A key without a second level gives its first, as the space bar does.
    const level = (held.has('shift') || held.has('shift_r') ? 1 : 0) + (isThird ? 2 : 0);
    let character = (level < levels.length ? levels[level] : levels.length === 1 ? levels[0] : null) ?? null;
    if (character === null) continue;
    if (dead !== null) {
      // An impossible composition gives nothing.
      character = compositions[dead]?.[character] ?? '';
      dead = null;
    } else if (character.startsWith('dead_')) {
      dead = character;
      continue;
    }
    if (held.has('ctrl') || held.has('ctrl_r'))
      character = String.fromCharCode(character.charCodeAt(0) & 0x1f);
    if (held.has('alt') || (held.has('alt_r') && third !== 'alt_r')) text += '\x1b';
    text += character;
  }
  return text;
}

const typing = new Map<string, ReadonlyMap<string, readonly Chord[]>>();

/** The chords for each character that a layout can type, the simplest for each. */
function typingTable(layout: Layout): ReadonlyMap<string, readonly Chord[]> {
  const name = nameOf(layout);
  const known = typing.get(name);
  if (known) return known;
  const single = new Map<string, Chord>();
  const { third, keys: tableKeys } = tableOf(layout);
  const held = third ?? '';
  const modifiersOf: readonly Chord[] = [[], ['shift'], [held], ['shift', held]];
  const keys = Object.entries(tableKeys);
  const usual = keys.filter(([key]) => !extraKeys.has(key));
  const extra = keys.filter(([key]) => extraKeys.has(key));
  for (const [some, levels] of [
    [usual, [0, 1]],
    [extra, [0, 1]],
    [keys, [2, 3]],
  ] as const) {
    for (const level of levels) {
      for (const [key, characters] of some) {
        const character = characters[level] ?? null;
        if (character !== null && !single.has(character))
          single.set(character, [...(modifiersOf[level] ?? []), key]);
      }
    }
  }
  const table = new Map<string, readonly Chord[]>(
    Object.entries(plainKeys).map(([key, character]) => [character, [[key]]]),
  );
  for (const [character, chord] of single) if (!character.startsWith('dead_')) table.set(character, [chord]);
  for (const [dead, results] of Object.entries(compositions)) {
    const first = single.get(dead);
    if (!first) continue;
    for (const [base, result] of Object.entries(results)) {
      const second = single.get(base);
      if (second && !table.has(result)) table.set(result, [first, second]);
    }
  }
  typing.set(name, table);
  return table;
}

/**
 * The keys that type a text on a layout, Return for a newline.
 * @throws UsageError `unknown-layout`, or `untypable` for a character that the layout does not have
 */
export function chordsForText(layout: Layout, text: string): Chord[] {
  const table = typingTable(layout);
  return [...text].flatMap((character) => {
    const chords = table.get(character);
    if (chords) return chords;
    throw new UsageError(
      'untypable',
      `The layout ${nameOf(layout)} has no keys for ${JSON.stringify(character)}.`,
    );
  });
}
