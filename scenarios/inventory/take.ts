import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { BootRecord, Guest } from '../../harness/console/guest.ts';
import type { Phase } from '../../harness/events.ts';
import {
  type Inventory,
  inventoryBounds,
  inventoryVersion,
  type Part,
  type PartName,
  partNames,
} from '../../harness/inventory.ts';
import { canBeRoot, run, runAsRoot } from '../guest-script.ts';
import { readFacts } from './facts.ts';
import { inventoryScript, mostBytes } from './script.ts';
import { readSections, type Section } from './sections.ts';

/** Seconds for the whole script, scaled by the machine's slowness. */
const timeoutSeconds = 120;

type Asked = Pick<Guest, 'shell' | 'nonce' | 'slowness' | 'boot'>;

/**
 * Asks a guest, once, for what it is; as root where that asks nothing. Nothing in the guest is changed.
 * @throws what the guest's shell throws.
 */
export async function takeInventory(guest: Guest): Promise<Inventory> {
  const began = performance.now();
  const asRoot = await canBeRoot(guest.shell);
  const script = inventoryScript(guest.nonce);
  const { bytes } = await (asRoot ? runAsRoot : run)(guest, script, timeoutSeconds);
  return readInventory(unpack(bytes), guest, (performance.now() - began) / 1000);
}

/**
 * Seconds that say something of the guest: those in which the host gave it no processor are taken off. How many of a stage
 * these were is not known: it has the share of the time in which it was seen from outside.
 */
function bootFacts(
  told: Readonly<Record<string, string>>,
  { phases, starved = {} }: BootRecord,
): Record<string, string> {
  const name = 'systemd userspace';
  const { userspace: began = 0, shell: ended = began } = phases;
  const { userspace: before = 0, shell: until = before } = starved;
  const share = ended > began ? (until - before) / (ended - began) : 0;
  const stage = told[name] === undefined ? {} : { [name]: Number(told[name]) * (1 - share) };
  const seen = Object.entries(phases).map(([phase, at]) => [phase, at - (starved[phase as Phase] ?? 0)]);
  const all = Object.entries({ ...stage, ...Object.fromEntries(seen) }) as [string, number][];
  return Object.fromEntries(all.map(([key, seconds]) => [key, Math.max(0, seconds).toFixed(3)]));
}

/** What was packed, if it was; no more of it than the script lets through, whatever the guest made of it. */
export function unpack(bytes: Uint8Array): string {
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return new TextDecoder().decode(isPacked ? gunzipSync(bytes, { maxOutputLength: mostBytes }) : bytes);
}

/** What the script's output says; of each part the facts, or why there are none. */
export function readInventory(
  output: string,
  { shell, nonce, slowness, boot }: Asked,
  seconds: number,
): Inventory {
  const sections = readSections(output.replaceAll('\r', ''), nonce);
  const sectionOf = (name: PartName): Section =>
    sections.get(name) ?? { unread: 'the guest did not tell it' };
  const parts = Object.fromEntries(
    partNames.map((name) => [name, readPart(name, toldBy[name]?.(sectionOf) ?? sectionOf(name))]),
  ) as Record<PartName, Part>;
  if ('facts' in parts.boot) Object.assign(parts.boot.facts, bootFacts(parts.boot.facts, boot));
  const user = cut(shell.user, inventoryBounds.name);
  return { version: inventoryVersion, access: shell.access, user, seconds, slowness, parts };
}

/** What is told along with another part: to ask twice would cost twice. */
const toldBy: Partial<Record<PartName, (sectionOf: (name: PartName) => Section) => Section>> = {
  failed: (sectionOf) => sectionOf('units'),
  sizes: (sectionOf) => {
    const [own, packages] = [sectionOf('sizes'), sectionOf('packages')];
    return 'lines' in own && 'lines' in packages ? { lines: [...own.lines, ...packages.lines] } : own;
  },
};

function readPart(name: PartName, section: Section): Part {
  if ('lacks' in section) return { lacks: cut(section.lacks) };
  if ('unread' in section) return { unread: cut(section.unread) };
  const facts = readFacts[name](section.lines);
  if (facts.size > inventoryBounds.names)
    return {
      unread: `the guest told ${facts.size} of them, more than the ${inventoryBounds.names} that are kept`,
    };
  if (facts.size === 0 && !mayBeEmpty.has(name)) {
    const [first] = section.lines;
    return { unread: first === undefined ? 'the guest said nothing' : `not understood: ${cut(first, 100)}` };
  }
  const bounded = [...facts].map(([key, value]) => [cut(key, inventoryBounds.name), cut(value)] as const);
  return { facts: Object.fromEntries(bounded.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) };
}

/** A system may have none of these. */
const mayBeEmpty: ReadonlySet<PartName> = new Set(['failed', 'sockets', 'modules', 'setuid', 'boot']);

/** What is too long keeps a digest of all of it: two that differ do so after it was cut, too. */
function cut(text: string, most: number = inventoryBounds.value): string {
  if (text.length <= most) return text.toWellFormed();
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return `${text.slice(0, most - digest.length - 1).toWellFormed()}…${digest}`;
}
