import type { Guest } from '../harness/console/guest.ts';
import { hasSerialPort, serialDevice } from '../harness/console/serial/port.ts';
import { HostError } from '../harness/errors.ts';
import type { Access } from '../harness/events.ts';
import type { Contract } from './contracts/contract.ts';
import { promisedTo } from './contracts/promised.ts';
import { run } from './guest-script.ts';
import { neutralKeys, neutralWord } from './screen/keys.ts';
import { explainScreen } from './screen/explain.ts';
import { isShell } from './screen/foreground.ts';
import { LineReader } from './screen/line-reader.ts';
import { startReader } from './screen/reader.ts';
import { findSerialSession } from './screen/serial-session.ts';
import { conclude, scenario } from './scenario.ts';

const nobody = (user: string | null): string => user ?? 'nobody';

/** Ways in that show nothing of the serial port: somebody may have been logged in there after it was looked at. */
const besideSerial: ReadonlySet<Access> = new Set(['ssh', 'agent']);

/**
 * Was the one logged in on serial whom the contract says? What the harness saw while the guest booted, before it typed
 * anything; where it came in by another way and saw nobody, what runs on the port.
 */
export async function checkSerial(guest: Guest, contract: Contract): Promise<string | null> {
  const expected = promisedTo(guest, contract.autologin.serial) ?? null;
  const seen = guest.boot.serialAutologin;
  guest.note({
    action: 'wait for a prompt on serial, type no login',
    observed: `logged in: ${nobody(seen)}`,
    access: 'serial',
  });
  const isUnseen = seen === null && besideSerial.has(guest.shell.access);
  const got = isUnseen && guest.supplies?.autologin !== true ? await findSerialSession(guest) : seen;
  if (got !== seen) {
    const { access } = guest.shell;
    guest.note({ action: 'look who is on the serial port', observed: `logged in: ${got}`, access });
  }
  if (expected === got) return null;
  const why = got === null ? await explainSerial(guest) : '';
  return `on serial expected ${nobody(expected)} to be logged in, got ${nobody(got)}${why}`;
}

/** Why nobody is logged in on serial, as the end of a sentence, where the image may well be as it is meant. */
async function explainSerial(guest: Guest): Promise<string> {
  const { output } = await run(guest, 'echo "consoles $(cat /sys/class/tty/console/active)"');
  const consoles = /^consoles (.*?)\r?$/m.exec(output)?.[1]?.split(' ') ?? [];
  guest.note({
    action: 'cat /sys/class/tty/console/active',
    observed: output.trim(),
    access: guest.shell.access,
  });
  if (!hasSerialPort(guest.arch) || consoles.includes(serialDevice[guest.arch])) return '';
  return `; the kernel has no console on ${serialDevice[guest.arch]}, so systemd starts no getty there: if that is meant, autologin.serial should be null in the contract`;
}

/**
 * Is the one logged in on the virtual screen whom the contract says? Proven by a command typed on the keyboard; in a
 * graphical session by logind, and by keys that arrive there.
 */
async function checkScreen(guest: Guest, { autologin, keyboard }: Contract): Promise<string | null> {
  const expected = autologin.screen;
  const wanted = `on the virtual screen expected ${nobody(expected)} to be logged in`;
  const started = await startReader(guest, keyboard);
  if (started.reader === null) {
    guest.note({
      action: 'type `tee <word>` on the virtual screen',
      observed: 'no such command ran',
      access: 'keyboard',
    });
    // That nothing ran shows that nobody is there only where no shell waits, whose keys may have been lost.
    const isShut = started.instead === null || !isShell(started.instead.command);
    if (expected === null && isShut) return null;
    return `${wanted}, but ${await explainScreen(guest, started.instead)}`;
  }
  const { reader } = started;
  guest.note({
    action: reader.action,
    observed: `run by ${reader.user} (uid ${reader.uid}) on ${reader.place}`,
    access: 'keyboard',
  });
  // Letters lost, or of another layout, are the keyboard's matter: that there is a line is the proof.
  const lines = await new LineReader(guest, reader).ask([neutralKeys(neutralWord())]);
  const owner = await reader.end();
  guest.note({
    action: `read ${reader.path}`,
    observed: `owned by uid ${owner}, holds ${JSON.stringify(lines?.join('\n') ?? '')}`,
    access: guest.shell.access,
  });
  if (reader.user !== expected) return `${wanted}, got ${reader.user} (uid ${reader.uid})`;
  if (owner !== reader.uid)
    return `${wanted}, but the file that was typed belongs to uid ${owner} instead of ${reader.uid}`;
  // The command ran, so they are logged in. Other text is a matter of lost keys, or of the layout.
  return null;
}

const supplied =
  'the way in was a login on every getty that the machine gave to systemd (agetty.autologin), which proves nothing about the image';

/** Who is logged in without a password, on serial and on the virtual screen. */
export const autologin = scenario(
  'autologin',
  { contract: 'autologin', needs: ['screen', 'keys'] },
  async ({ guest, contract }) => {
    const serial = await checkSerial(guest, contract);
    const { screen } = contract.autologin;
    if (guest.supplies?.autologin !== true) {
      const onScreen = checkScreen(guest, contract).catch((error: unknown) => {
        // Somebody else on serial may be one who cannot look at the screen: what is known is enough.
        if (serial === null || !(error instanceof HostError && error.code === 'no-root')) throw error;
        return null;
      });
      return conclude([serial, await onScreen]);
    }
    // What we supplied can only have helped: where somebody is promised and nobody there, the image is to blame.
    const outcome = conclude([serial, screen === null ? null : await checkScreen(guest, contract)]);
    return outcome.verdict === 'passed' ? { verdict: 'skipped', reason: supplied } : outcome;
  },
);
