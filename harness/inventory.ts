/**
 * What a guest says it is: `cells/<id>/inventory.json`. Every part is a list of names with values, so that two inventories
 * are compared by one rule. It is the guest's word, bounded and otherwise raw: readers clean it.
 */
import { z } from 'zod';

/** The parts, in the order in which they are told, with what their names and values are. */
export const partTitles = {
  os: 'os-release: field → value',
  kernel: 'release, version, machine',
  commandLine: 'words of the kernel command line: name → values',
  store: 'store paths of the system that runs and of the one that was booted',
  packages: 'package → versions: of the closure of the system, or of dpkg',
  units: 'unit → what wants it, and whether it is active',
  failed: 'failed units → result',
  users: 'user → ids, home, shell, whether a password is set',
  groups: 'group → id and members',
  sockets: 'protocol, address and port that are listened on → program',
  sshd: 'sshd -T: keyword → values',
  nix: 'nix config show: setting → value',
  mounts: 'mount point → file system and options',
  modules: 'kernel modules that are loaded',
  settings: 'locale, keymap, time zone, host name, default target',
  etc: 'file below /etc → the first 16 digits of its SHA-256, or where a link leads',
  setuid: 'setuid and setgid programs → mode and owner',
  sizes: 'KiB: used of the root file system, of the closure or the installed packages',
  boot: 'seconds: phases since power-on as seen from outside, stages as systemd counts them, less those in which the host gave no processor',
} as const;

export type PartName = keyof typeof partTitles;
export const partNames = Object.keys(partTitles) as PartName[];

/** Bounds of what is kept of one guest: names of a part, characters of a name and of a value. */
export const inventoryBounds = { names: 20_000, name: 300, value: 1000 } as const;

const text = (most: number) => z.string().max(most);

const partSchema = z.union([
  z.strictObject({ facts: z.record(text(inventoryBounds.name), text(inventoryBounds.value)) }),
  /** The guest has no such thing, e.g. no sshd. */
  z.strictObject({ lacks: text(inventoryBounds.value) }),
  /** It could not be had: why. */
  z.strictObject({ unread: text(inventoryBounds.value) }),
]);

const parts = Object.fromEntries(partNames.map((name) => [name, partSchema])) as Record<
  PartName,
  typeof partSchema
>;

/** Raised with each change by which an older reader would misread it. */
export const inventoryVersion = 2;

export const inventorySchema = z.strictObject({
  version: z.literal(inventoryVersion),
  /** The way in, and who asked. */
  access: z.string().max(40),
  user: text(inventoryBounds.name),
  /** What it took, in seconds. */
  seconds: z.number(),
  /** How many times slower than the reference machine this one was: seconds of two hosts are compared divided by it. */
  slowness: z.number().positive(),
  parts: z.strictObject(parts),
});

export type Part = z.infer<typeof partSchema>;
export type Inventory = z.infer<typeof inventorySchema>;

/**
 * The text of `inventory.json`: JSON with a line for each part, so that a reader of many takes a part that it has met
 * before for the same without parsing it again.
 */
export function inventoryText({ parts, ...head }: Inventory): string {
  const lines = partNames.map((name) => `${JSON.stringify(name)}:${JSON.stringify(parts[name])}`);
  return `${JSON.stringify(head).slice(0, -1)},"parts":{\n${lines.join(',\n')}\n}}\n`;
}
