import type { Guest } from '../../harness/console/guest.ts';
import { GuestError, HostError } from '../../harness/errors.ts';
import { quote } from '../../harness/shell-quote.ts';
import { runAsRoot, wordsOf } from '../guest-script.ts';
import { enter, neutralKeys, neutralWord } from './keys.ts';
import { deadline, type ScreenReader } from './line-reader.ts';
import { describeSession, type GraphicalSession } from './session.ts';

/** Terminal emulators, each with what its manual page has before a command and its arguments; in the order of preference. */
const emulators = [
  'foot',
  'alacritty -e',
  'kitty',
  'ghostty -e',
  'wezterm start --',
  'kgx --',
  'ptyxis --',
  'gnome-terminal --',
  'konsole -e',
  'xfce4-terminal -x',
  'qterminal -e',
  'xterm -e',
  'urxvt -e',
  'st -e',
  'x-terminal-emulator -e',
] as const;

/** Seconds for a terminal emulator to come up, and for its window to have the keys. */
const windowSeconds = 60;
const keysSeconds = 10;
/** How often a line is typed until one arrives: a window has the keys a moment after its program runs. */
const turns = 3;

/**
 * Starts a program that keeps what is typed in a terminal emulator of the session, as its user and with the environment of
 * what runs there.
 */
const startScript = (session: GraphicalSession, word: string, slowness: number): string => `
user=${quote(session.user)} runtime=/run/user/${session.uid}
PATH=$PATH:/etc/profiles/per-user/$user/bin
emulator=
for one in ${emulators.map((line) => quote(line)).join(' ')}; do
  path=$(command -v "\${one%% *}") || continue
  emulator="$path\${one#"\${one%% *}"}"
  break
done
[ -n "$emulator" ] || { echo no emulator; exit; }
directory=$runtime/${word}
mkdir "$directory" && chown ${session.uid} "$directory" || exit
echo "directory $directory"
variable=${session.type === 'wayland' ? 'WAYLAND_DISPLAY' : 'DISPLAY'} environment=
for one in $(grep -lz "^$variable=" /proc/[0-9]*/environ 2>/dev/null); do
  [ "$(stat -c %u "$one" 2>/dev/null)" != ${session.uid} ] || { environment=$one; break; }
done
if [ -z "$environment" ]; then
  # Nothing runs there yet.
  environment=$directory/environment
  for socket in "$runtime"/wayland-*[0-9]; do display=\${socket##*/}; done
  printf '%s\\0' "PATH=$PATH" "XDG_RUNTIME_DIR=$runtime" "WAYLAND_DISPLAY=$display" DISPLAY=:0 > "$environment"
fi
reader=$directory/reader
printf 'echo $$ > %s/pid\\nexec cat >> %s/typed\\n' "$directory" "$directory" > "$reader"
chmod 644 "$reader"
runuser=$(command -v runuser) setsid=$(command -v setsid)
export emulator reader runuser setsid user
cd /
xargs -0 -a "$environment" sh -c \\
  'exec env -i "$@" "$setsid" "$runuser" -u "$user" -- $emulator sh "$reader"' sh \\
  < /dev/null > "$directory/log" 2>&1 &
${deadline(windowSeconds * slowness)}
while [ ! -s "$directory/pid" ] && in_time; do sleep 0.2; done
echo "emulator \${emulator%% *}"
[ -s "$directory/pid" ] && echo "pid $(cat "$directory/pid")" || tail -n 3 "$directory/log"`;

/** Waits in the guest for a line; forgets what has come. */
const firstLineScript = (path: string, slowness: number): string => `
${deadline(keysSeconds * slowness)}
while [ ! -s ${path} ] && in_time; do sleep 0.1; done
[ -s ${path} ] && : > ${path}`;

/**
 * Opens a window in the graphical session that is on the screen, and proves that it has the keyboard's keys.
 * @throws HostError `no-terminal-emulator` where the image has none that is known: nothing can be said about its keys.
 * @throws GuestError `no-window` where none comes up, `no-keys` where it gets no key.
 */
export async function startWindowReader(guest: Guest, session: GraphicalSession): Promise<ScreenReader> {
  const there = describeSession(session);
  const { output } = await runAsRoot(
    guest,
    startScript(session, neutralWord(), guest.slowness),
    windowSeconds + 30,
  );
  const value = wordsOf(output);
  if (value('no') === 'emulator') {
    const known = emulators.map((line) => line.split(' ')[0]).join(', ');
    throw new HostError(
      'no-terminal-emulator',
      `In ${there} keys cannot be read: none of ${known} is there.`,
      {
        hint: 'Put one of them into the image, or promise nothing about its keyboard.',
      },
    );
  }
  const [emulator = '', directory = '', pid] = [value('emulator'), value('directory'), value('pid')];
  if (pid === undefined || !/^\d+$/.test(pid)) {
    throw new GuestError('no-window', `${emulator || 'a terminal emulator'} does not come up in ${there}`, {
      evidence: output,
      ranOut: true,
    });
  }
  const path = `${directory}/typed`;
  const reader: ScreenReader = {
    pid: Number(pid),
    path,
    user: session.user,
    uid: session.uid,
    place: `${emulator} in ${there}`,
    action: `start ${emulator} and type into its window`,
    async end() {
      const { output: owner } = await runAsRoot(
        guest,
        `stat -c %u ${quote(path)}\nkill ${pid}; rm -rf ${quote(directory)}`,
      );
      return Number.parseInt(owner, 10);
    },
  };
  for (let turn = 0; turn < turns; turn += 1) {
    await guest.keyboard.press([...neutralKeys(neutralWord()), enter]);
    const { status } = await runAsRoot(guest, firstLineScript(quote(path), guest.slowness), keysSeconds + 30);
    if (status === 0) return reader;
  }
  guest.note(await guest.screenshot('session'));
  await reader.end();
  throw new GuestError('no-keys', `no key arrives in the window of ${emulator} in ${there}`, {
    ranOut: true,
  });
}
