import { loginPrompt, passwordPrompt, shellPrompt } from './prompts.ts';
import { runningJobPattern } from './running-job.ts';

/** A program that waits for a person, told by what stands on a terminal or a screen. */
export interface Wait {
  /** Stable, for reports. */
  kind: 'dialog' | 'passphrase' | 'key' | 'first-boot' | 'question' | 'prompt';
  /** A clause of a sentence, with the question as it stands there. */
  clause: string;
}

interface WaitSign {
  kind: Wait['kind'];
  pattern: RegExp;
  /** Before the question. */
  says: string;
  /** What prints it. */
  source: string;
}

/** How much of a question is told. */
const longest = 160;
/** A question stands at the end: so many of the last rows that are not empty may belong to it. */
const lastRows = 3;
/** How many rows of a dialog are its question, where nothing tells its frame. */
const questionRows = 6;

/** Matched against the last rows that are not empty. */
const waitSigns: readonly WaitSign[] = [
  {
    kind: 'passphrase',
    pattern:
      /\b(?:(?:Please )?[Ee]nter (?:the )?(?:\w+ ){0,3}(?:passphrase|PIN|recovery key)\b.*|Please unlock disk \S+.*|Passphrase for \S+.*)[:!?)]/,
    says: 'it waits for a passphrase',
    source:
      'systemd src/cryptsetup/cryptsetup.c; cryptsetup src/utils_password.c; cryptsetup-initramfs scripts/local-top/cryptroot; nixpkgs luksroot.nix; OpenZFS lib/libzfs/libzfs_crypto.c; GRUB grub-core/disk/cryptodisk.c',
  },
  {
    kind: 'first-boot',
    pattern:
      /\bPlease (?:enter|configure|select|choose)\b.*\b(?:locale|keymap|time ?zone|hostname|host name|root (?:password|shell)|user name)\b.*/,
    says: 'its first boot asks a person',
    source: 'systemd src/firstboot/firstboot.c, src/home/homectl.c',
  },
  {
    kind: 'key',
    pattern:
      /\b(?:press|hit|strike|type) (?:any key|a key|the any key|(?:the )?[<[('"`]?(?:enter|return)\b(?! to boot the selected| to activate this console)[>\])'"`]?).*/i,
    says: 'it waits for a key',
    source: 'installers, live media, systemd src/firstboot/firstboot.c, DOS and its kin',
  },
  {
    kind: 'question',
    pattern: /.*(?:<[yn]>|[([<]y(?:es)?\/n(?:o)?(?:\/\w+)*[)\]>])\s*[?:]?\s*(?:\[[yn]\])?\s*$/i,
    says: 'it asks a person',
    source: 'e2fsprogs e2fsck/util.c, ask; dosfstools; whatever asks yes or no',
  },
];

/** What a frame is drawn of: line drawing is `?` where only ASCII is kept, and ncurses draws by `-`, `|` and `+` without it. */
const frame = String.raw`[\s?|+\-_=~:.#*x\u2500-\u259f]`;
/** A row of nothing but buttons. */
const buttonRow = new RegExp(`^${frame}*(?:<\\s*[A-Z][A-Za-z ]{0,24}\\s*>${frame}*)+$`);
const button = /<\s*([A-Z][A-Za-z ]{0,24}?)\s*>/g;
const framed = /^\s*[?|x\u2502\u2503\u2551]\s.*\s[?|x\u2502\u2503\u2551#]\s*$|[?+\-=_\u2500-\u259f]{8,}/;

/** The times behind it, also where the rest of the line was lost. */
const times = /\((?:\d+\s?(?:h|min|s|ms) ?)+ ?\/ ?(?:no limit|(?:\d+\s?(?:h|min|s|ms) ?)+)\)/;

/** A bootloader's and some shells' prompt; a button ends so, too. */
const otherPrompt = /%$|^[^<]*> ?$/;
const ways = [loginPrompt, passwordPrompt, shellPrompt, otherPrompt];

/** The last rows that say something, the first of them first. */
const endOf = (rows: readonly string[]): string[] => rows.filter((row) => row.trim() !== '').slice(-lastRows);

/** Whether what stands there goes on by itself, or is a way in: then nobody waits for a person. */
export function goesOn(rows: readonly string[]): boolean {
  const end = endOf(rows);
  return (
    end.some((row) => runningJobPattern.test(row) || times.test(row)) ||
    ways.some((way) => way.test(end.at(-1) ?? ''))
  );
}

/** The program that is known to wait for a person where these rows stand; null for what is not known. */
export function findWait(rows: readonly string[]): Wait | null {
  if (goesOn(rows)) return null;
  const dialog = findDialog(rows);
  if (dialog !== null) return dialog;
  for (const row of endOf(rows).toReversed()) {
    for (const { kind, pattern, says } of waitSigns) {
      const found = pattern.exec(row)?.[0].trim();
      if (found !== undefined) return { kind, clause: `${says}: "${shorten(found)}"` };
    }
  }
  return null;
}

/** The frame at both ends of a row, and the rule around a title. */
const sides = /^\s*[?|x\u2502\u2503\u2551]\s|\s[?|x\u2502\u2503\u2551]\s*$|[?+\-=_\u2500-\u259f]{2,}/g;

/** newt's and dialog's frames, by their row of buttons; newt windows.c, dialog buttons.c. */
function findDialog(rows: readonly string[]): Wait | null {
  const at = rows.findLastIndex((row) => buttonRow.test(row));
  if (at === -1) return null;
  const names = [...(rows[at] ?? '').matchAll(button)].map(([, name = '']) => name);
  const above = rows.slice(0, at);
  const inFrame = above.filter((row) => framed.test(row));
  // Where line drawing is kept as blanks, what stands right above the buttons is the question.
  const text = (inFrame.length > 0 ? inFrame : above.filter((row) => row.trim() !== '').slice(-questionRows))
    .map((row) => row.replaceAll(sides, ' '))
    .filter((row) => /[A-Za-z]{2}/.test(row))
    .join(' ');
  return {
    kind: 'dialog',
    clause: `a dialog waits for an answer: "${shorten(text)}" (${names.join(', ')})`,
  };
}

/**
 * A line at whose end an answer is awaited, though nobody knows by whom; null for all others.
 * @param rows up to the one in which the cursor stands
 */
export function findPrompt(rows: readonly string[]): Wait | null {
  const last = rows.at(-1)?.trim() ?? '';
  if (goesOn(rows) || !/[A-Za-z]{2}.*[?:\])]$/.test(last) || /^\[ *[\d.A-Z]+ *\]/.test(last)) return null;
  return { kind: 'prompt', clause: `the same prompt stands there: "${shorten(last)}"` };
}

const shorten = (text: string): string => {
  const one = text.replaceAll(/\s+/g, ' ').trim();
  return one.length > longest ? `${one.slice(0, longest)}…` : one;
};
