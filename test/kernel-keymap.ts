import { execa } from 'execa';
import { dir } from 'tmp-promise';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Layout } from '../harness/console/keys/keyboard.ts';

/** The bits of a table's number, by the keys that are held. */
const held: Record<string, number> = { plain: 0, shift: 1, altgr: 2, ctrl: 4, alt: 8 };

/** `loadkeys --mktable` prints what the kernel keeps; the KDSKBENT ioctl takes it with these bits turned. */
const turned = 0xf000;

/**
 * A kernel keymap made of an XKB layout, as Debian's console-setup and NixOS's `console.useXkbConfig` make one.
 * @returns a line for each key: table, key code, value
 */
async function compile({ layout, variant }: Layout): Promise<string> {
  const { path, cleanup } = await dir({ prefix: 'bmk', unsafeCleanup: true });
  try {
    const { stdout: keymap } = await execa('ckbcomp', ['-compact', layout, variant]);
    const file = join(path, 'keymap');
    await writeFile(file, `${keymap}\n`);
    const { stdout: source } = await execa('loadkeys', ['--quiet', '--mktable', '--unicode', file]);
    return [...source.matchAll(/\b(\w+)_map\[NR_KEYS\] = \{([^}]*)\}/g)]
      .flatMap(([, name = '', values = '']) => {
        const table = name.split('_').reduce((sum, key) => sum + (held[key] ?? Number.NaN), 0);
        const numbers = values.split(',').map((value) => Number.parseInt(value.trim(), 16));
        return numbers.flatMap((value, code) => (value > 0 ? [`${table} ${code} ${value ^ turned}`] : []));
      })
      .join('\n');
  } finally {
    await cleanup();
  }
}

/**
 * A script that gives a guest's VTs this keymap, by perl's ioctl: the reference images have no
 * loadkeys. By a VT that kmscon leaves alone: one that is off takes no characters beyond Latin-1.
 */
export async function loadKeymapScript(layout: Layout): Promise<string> {
  return `perl -e '
open(my $vt, "+<", "/dev/tty2") or die "tty2: $!";
while (<STDIN>) {
  my ($table, $code, $value) = split;
  my $entry = pack("CCS", $table, $code, $value);
  ioctl($vt, 0x4B47, $entry) or die "$table $code $value: $!";
}' <<'KEYMAP'
${await compile(layout)}
KEYMAP`;
}
