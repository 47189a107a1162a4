/**
 * Writes `layouts.json`: what each key gives on each layout, as xkeyboard-config has it, and what dead keys compose to.
 *
 *     node harness/console/keys/layouts/generate.ts
 *
 * Needs xkbcli (Debian: libxkbcommon-tools, xkb-data), X11/keysymdef.h (x11proto-dev), the UTF-8 Compose file (libx11-data).
 */
import { readFile, writeFile } from 'node:fs/promises';
import { execa } from 'execa';

const keysymFile = '/usr/include/X11/keysymdef.h';
const composeFile = '/usr/share/X11/locale/en_US.UTF-8/Compose';

const layouts =
  'us us(intl) us(dvorak) us(colemak) gb de de(nodeadkeys) de(neo) at ch ch(de_nodeadkeys) ch(fr) ch(fr_nodeadkeys) fr be nl it es pt br dk no se fi pl jp';

/** XKB's name of each key (its place) and QEMU's (a US keyboard's). */
const keys: Record<string, string> = {
  TLDE: 'grave_accent',
  ...row('AE', ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0', 'minus', 'equal', 'yen']),
  ...row('AD', ['q', 'w', 'e', 'r', 't', 'y', 'u', 'i', 'o', 'p', 'bracket_left', 'bracket_right']),
  ...row('AC', ['a', 's', 'd', 'f', 'g', 'h', 'j', 'k', 'l', 'semicolon', 'apostrophe']),
  BKSL: 'backslash',
  LSGT: 'less',
  ...row('AB', ['z', 'x', 'c', 'v', 'b', 'n', 'm', 'comma', 'dot', 'slash', 'ro']),
  SPCE: 'spc',
};

function row(prefix: string, names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name, index) => [prefix + String(index + 1).padStart(2, '0'), name]));
}

/** Characters by keysym name. */
async function readKeysyms(): Promise<Map<string, string>> {
  const header = await readFile(keysymFile, 'utf8');
  const named = [...header.matchAll(/^#define XK_(\w+)\s+0x[0-9a-f]+\s+\/\*[ (]*U\+([0-9A-F]{4,6})/gm)];
  return new Map(
    named.map(([, name = '', code = '']) => [name, String.fromCodePoint(Number.parseInt(code, 16))]),
  );
}

const keysyms = await readKeysyms();

/** The character of a keysym, the name itself for a dead key, null for what gives no character. */
function characterOf(keysym: string): string | null {
  if (keysym.startsWith('dead_')) return keysym;
  const unicode = /^U([0-9A-Fa-f]{4,6})$/.exec(keysym);
  if (unicode) return String.fromCodePoint(Number.parseInt(unicode[1] ?? '', 16));
  return keysyms.get(keysym) ?? (/^[0-9A-Za-z]$/.test(keysym) ? keysym : null);
}

interface Table {
  /** QEMU's name of the key that is held for the third level; null where there is none. */
  third: string | null;
  /** Up to four levels a key: alone, with Shift, with the third level's key, with both. */
  keys: Record<string, (string | null)[]>;
}

/** The keys that choose the third level, the usual one first; de(neo) has it on Caps Lock. */
const thirdLevelKeys = { RALT: 'alt_r', CAPS: 'caps_lock' };

async function readLayout(name: string): Promise<Table> {
  const [, layout = '', variant] = /^(\w+)(?:\((\w+)\))?$/.exec(name) ?? [];
  const { stdout } = await execa('xkbcli', [
    'compile-keymap',
    '--layout',
    layout,
    ...(variant ? ['--variant', variant] : []),
  ]);
  const symbols = new Map<string, string[]>();
  for (const [, key = '', body = ''] of stdout.matchAll(/^\tkey <(\w+)>\s*\{([^}]*)\}/gm)) {
    const group =
      /symbols\[(?:Group)?1\]\s*=\s*\[([^\]]*)\]/.exec(body) ??
      /\[([^\]]*)\]/.exec(body.replace(/\w+\[[^\]]*\]/g, ''));
    symbols.set(
      key,
      (group?.[1] ?? '').split(',').map((symbol) => symbol.trim()),
    );
  }
  const third =
    Object.entries(thirdLevelKeys).find(([key]) => symbols.get(key)?.[0] === 'ISO_Level3_Shift')?.[1] ?? null;
  return {
    third,
    keys: Object.fromEntries(
      Object.entries(keys).flatMap(([place, key]) => {
        const levels = (symbols.get(place) ?? []).slice(0, third === null ? 2 : 4).map(characterOf);
        while (levels.at(-1) === null) levels.pop();
        return levels.length === 0 ? [] : [[key, levels]];
      }),
    ),
  };
}

/** What a dead key and the key after it give, for characters that some layout has. */
async function readCompositions(
  characters: ReadonlySet<string>,
): Promise<Record<string, Record<string, string>>> {
  const compositions: Record<string, Record<string, string>> = {};
  const sequences = (await readFile(composeFile, 'utf8')).matchAll(
    /^<(dead_\w+)>\s+<(\w+)>\s*:\s*"((?:\\.|[^"])+)"/gm,
  );
  for (const [, dead = '', keysym = '', result = ''] of sequences) {
    const base = characterOf(keysym);
    if (base === null || !characters.has(dead) || !characters.has(base)) continue;
    (compositions[dead] ??= {})[base] = result.replace(/\\(.)/g, '$1');
  }
  return compositions;
}

const tables = Object.fromEntries(
  await Promise.all(layouts.split(' ').map(async (name) => [name, await readLayout(name)] as const)),
);
/** On all levels for dead keys; what they are put on is typed without the third level's key, or with AltGr as everywhere. */
const characters = new Set(
  Object.values(tables)
    .flatMap(({ third, keys: levels }) =>
      Object.values(levels).flatMap((all) => (third === 'alt_r' ? all : all.slice(0, 2))),
    )
    .filter((one) => one !== null),
);
const compositions = await readCompositions(characters);
await writeFile(
  new URL('layouts.json', import.meta.url),
  `${JSON.stringify({ layouts: tables, compositions }, null, 2)}\n`,
);
