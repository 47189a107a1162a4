import { setTimeout as sleep } from 'node:timers/promises';
import type { Guest } from '../../harness/console/guest.ts';
import type { Chord, Layout } from '../../harness/console/keys/keyboard.ts';
import { GuestError } from '../../harness/errors.ts';
import { isBootOver } from '../boot-over.ts';
import { runAsRoot } from '../guest-script.ts';
import { quote } from '../../harness/shell-quote.ts';
import { isKmscon, isLogin, keyReader, listProcesses } from './foreground.ts';
import type { Process } from './foreground.ts';
import { enter, neutralWord } from './keys.ts';
import { deadline, type ReaderProcess, type ScreenReader } from './line-reader.ts';
import { findSession, type GraphicalSession, hasDisplayManager, isOpen } from './session.ts';
import { type Spelling, spellings } from './spelling.ts';
import { startWindowReader } from './window-reader.ts';

/** Seconds that a shell on the virtual screen may come later than the way in that we have: kmscon starts slowly. */
const shellSeconds = 120;
/** Seconds after which a screen without a shell stays so, once the boot is over; a login may be about to start one. */
const settledSeconds = 10;
/** Seconds from the last key to the running command. */
const startSeconds = 10;
/** How often a command is typed the likeliest way, before the others have their turn. */
const likeliestTurns = 2;

/**
 * Waits, bounded, until something other than a login prompt reads the keys, a program of text or a graphical session in
 * which somebody is: typing earlier loses them.
 * @returns the session, or who read them last; null when nobody ever did.
 */
async function waitForShell(
  guest: Guest,
): Promise<{ session: GraphicalSession } | { process: Process | null }> {
  const now = (): number => performance.now() / 1000 / guest.slowness;
  const deadline = now() + shellSeconds;
  let last: Process | null = null;
  let changed = now();
  let before: string | null = null;
  while (now() < deadline) {
    const looked = performance.now();
    const processes = await listProcesses(guest);
    const reader = keyReader(processes);
    const asks = reader !== null && isLogin(reader.command);
    // What draws there may well have its terminal, and reads no text from it.
    const session = asks ? null : await findSession(guest);
    if (session !== null && isOpen(session)) return { session };
    if (session === null && reader !== null && !asks) return { process: reader };
    last = reader ?? last;
    // A kmscon that has started nothing yet is still on its way.
    const shown = session?.class ?? reader?.command ?? (processes.some(isKmscon) ? 'kmscon' : 'nothing');
    if (shown !== before) changed = now();
    before = shown;
    const settled = shown !== 'kmscon' && now() - changed > settledSeconds;
    // A display manager that shows nothing yet is on its way, too.
    if (settled && (await isBootOver(guest)) && (session !== null || !(await hasDisplayManager(guest))))
      break;
    // Looking costs the guest more than waiting: never more than a third of its time.
    const cost = performance.now() - looked;
    await sleep(Math.min(Math.max(2 * cost, 200), 5000), undefined, { signal: guest.signal });
  }
  return { process: last };
}

/** Waits in the guest for the process whose last argument is the name, and tells who and where it is. */
const findScript = (name: string, seconds: number): string => `
${deadline(seconds)}
while in_time; do
  # The bracket keeps the pattern from matching the process that carries this script.
  for f in $(grep -als '[${name.slice(0, 1)}]${name.slice(1)}' /proc/[0-9]*/cmdline); do
    d=\${f%/cmdline}
    [ "$(tr '\\0' '\\n' < $f 2>/dev/null | tail -n 1)" = ${name} ] || continue
    path=$(readlink $d/cwd) || continue
    stat -c 'uid %u' $d && stat -c 'user %U' $d || continue
    echo "pid \${d#/proc/}"
    echo "path \${path%/}/${name}"
    chain=$(readlink $d/fd/0)
    while [ "\${d#/proc/}" -gt 1 ]; do
      chain="$chain < $(sed -n 's/^Name:[[:space:]]*//p' $d/status)"
      d=/proc/$(sed -n 's/^PPid:[[:space:]]*//p' $d/status)
    done
    echo "place $chain"
    exit 0
  done
  sleep 0.1
done
exit 1`;

function parseReader(output: string): Omit<ScreenReader, 'action' | 'end'> | null {
  const value = (key: string): string | undefined => new RegExp(`^${key} (.+?)\\r?$`, 'm').exec(output)?.[1];
  const [pid, uid, user, path, place] = ['pid', 'uid', 'user', 'path', 'place'].map(value);
  if (pid === undefined || uid === undefined || user === undefined || path === undefined) return null;
  return { pid: Number(pid), uid: Number(uid), user, path, place: place ?? '' };
}

/** How `tee <word>` is typed, in turns; once into what is no shell, since only keys are a proof. */
function turnsOf(word: string, layout: Layout | null, isShell: boolean): Spelling[] {
  const [likeliest, ...others] = spellings(`tee ${word}`, layout) as [Spelling, ...Spelling[]];
  return isShell ? [...Array<Spelling>(likeliestTurns).fill(likeliest), ...others] : [likeliest];
}

/**
 * Opens a window where a graphical session is on the screen. Else types a command that keeps what is typed next, as a
 * keyboard of the expected layout has it, and again where the terminal was not ready, lost a key, or has another layout.
 * @param layout what the keyboard should be; null: nothing is promised.
 * @returns the command that came to run; else what read the keys instead, which is null when nothing was seen to.
 */
export async function startReader(
  guest: Guest,
  layout: Layout | null,
): Promise<{ reader: ScreenReader } | { reader: null; instead: Process | null }> {
  const there = await waitForShell(guest);
  if ('session' in there) return { reader: await startWindowReader(guest, there.session) };
  const { process } = there;
  const word = neutralWord();
  const turns = turnsOf(word, layout, process !== null && !isLogin(process.command));
  for (const [turn, { chords, interrupt, endOfFile }] of turns.entries()) {
    await guest.keyboard.press([...(turn === 0 ? [] : [interrupt]), ...chords, enter]);
    const script = findScript(word, startSeconds * guest.slowness);
    const { output } = await runAsRoot(guest, script, startSeconds + 30);
    const reader = parseReader(output);
    if (reader === null) continue;
    return {
      reader: {
        ...reader,
        action: 'type `tee <word>` on the virtual screen',
        end: async () => endTee(guest, reader, endOfFile),
      },
    };
  }
  return { reader: null, instead: process };
}

/**
 * Ends it by Ctrl-D, or where that does not end it by a signal, and removes its file.
 * @param endOfFile Ctrl-D, as the keyboard that started it has it.
 * @returns the file's owner
 */
async function endTee(guest: Guest, reader: ReaderProcess, endOfFile: Chord): Promise<number> {
  await guest.keyboard.press([endOfFile]);
  const path = quote(reader.path);
  const { output } = await runAsRoot(
    guest,
    `
${deadline(startSeconds * guest.slowness)}
while [ -d /proc/${reader.pid} ] && in_time; do sleep 0.1; done
kill ${reader.pid} 2>/dev/null
stat -c %u ${path} && rm -f ${path}`,
    startSeconds + 30,
  );
  const [owner = ''] = output.trim().split('\n');
  if (!/^\d+$/.test(owner.trim())) {
    throw new GuestError('file-vanished', `the file ${reader.path}, written by keys, is gone`, {
      evidence: output,
    });
  }
  return Number(owner);
}
