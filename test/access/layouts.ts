import type { Layout } from '../../harness/console/keys/keyboard.ts';

/** Those that a guest is set to, one after the other. */
export const layouts: readonly Layout[] = [
  ...['us', 'gb', 'de', 'ch', 'fr', 'es', 'it', 'se', 'no', 'dk', 'pt', 'br', 'jp'].map((layout) => ({
    layout,
    variant: '',
  })),
  { layout: 'ch', variant: 'fr' },
  { layout: 'us', variant: 'dvorak' },
  { layout: 'de', variant: 'neo' },
];

/** Layouts that differ in nothing that the probe presses. */
const twins: Record<string, string> = { de: 'de or at', se: 'se or fi' };

/** How a layout is called where it was recognised. */
export const toldAs = (name: string): string => twins[name] ?? name;
