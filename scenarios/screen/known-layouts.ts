import type { Chord, Layout } from '../../harness/console/keyboard.ts';

const answers: Record<string, string> = {
  ch: "yzöäü-§'$@ç",
  'ch(fr)': "yzéàè-§'$@ç",
  de: 'yzöäü-ß#²$',
  us: "zy;'[/`-\\\u001B2$",
};

export const knownLayouts: readonly Layout[] = [
  { layout: 'ch', variant: '' },
  { layout: 'ch', variant: 'fr' },
  { layout: 'de', variant: '' },
  { layout: 'us', variant: '' },
];

/** What the keyboard scenario's probe gives. */
export function charactersFor({ layout, variant }: Layout, _probe: readonly Chord[]): string {
  return answers[variant === '' ? layout : `${layout}(${variant})`] ?? '';
}
