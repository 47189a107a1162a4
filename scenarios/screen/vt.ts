import type { Guest } from '../../harness/console/guest.ts';
import type { Chord } from '../../harness/console/keys/keyboard.ts';
import { runAsRoot, wordsOf } from '../guest-script.ts';
import { deadline, type ReaderProcess } from './line-reader.ts';

/** A VT on which nothing runs: logind starts gettys on 1 to 6, display servers take the next one. */
const number = 11;
const device = `/dev/tty${number}`;

/** Seconds for the kernel to show another VT; a terminal emulator has to let go of its own first. */
const switchSeconds = 10;

/** A `cat` that keeps what the kernel makes of the keys while a plain VT is on the screen. */
export interface VtReader extends ReaderProcess {
  /** The VT that was on the screen before. */
  before: number;
}

const switchTo = (vt: number): Chord => ['ctrl', 'alt', `f${vt}`];

/** Succeeds in the guest once the VT is on the screen. */
const untilShown = (vt: number, slowness: number): string => `
shown() { [ "$(cat /sys/class/tty/tty0/active)" = tty${vt} ]; }
${deadline(switchSeconds * slowness)}
while ! shown && in_time; do sleep 0.1; done
shown`;

/** @returns the reader, or in a few words why there is none. */
export async function startVtReader(
  guest: Guest,
): Promise<{ reader: VtReader } | { reader: null; why: string }> {
  const { output } = await runAsRoot(
    guest,
    `
[ -c ${device} ] || { echo none; exit; }
file=$(mktemp /run/XXXXXXXX)
# A session of its own: nobody's job control is concerned.
setsid cat < ${device} > "$file" 2>&1 &
echo "pid $!"; echo "path $file"
echo "before $(cat /sys/class/tty/tty0/active)"`,
  );
  const value = wordsOf(output);
  const [pid, path] = [Number(value('pid')), value('path')];
  if (Number.isNaN(pid) || path === undefined) return { reader: null, why: `there is no VT ${device}` };
  const reader = { pid, path, before: Number(value('before')?.replace('tty', '')) };
  await guest.keyboard.press([switchTo(number)]);
  const { status } = await runAsRoot(guest, untilShown(number, guest.slowness), switchSeconds + 30);
  guest.note({
    action: `press ctrl+alt+f${number}`,
    observed: status === 0 ? `tty${number} is on the screen` : `tty${number} does not come to the screen`,
    access: 'keyboard',
  });
  if (status === 0) return { reader };
  await endVtReader(guest, reader);
  return { reader: null, why: `Ctrl+Alt+F${number} brings no VT to the screen` };
}

/** Ends the reader, removes its file, and has the screen show what it did before. */
export async function endVtReader(guest: Guest, { pid, path, before }: VtReader): Promise<void> {
  await guest.keyboard.press([switchTo(before)]);
  await runAsRoot(
    guest,
    `kill ${pid}; rm -f ${path}\n${untilShown(before, guest.slowness)}`,
    switchSeconds + 30,
  );
}
