import type { Guest } from '../../harness/console/guest.ts';
import { run } from '../guest-script.ts';
import { isLogin, keyReader, onVirtualScreen, listProcesses } from './foreground.ts';
import type { Process } from './foreground.ts';
import { describeSession, findSession } from './session.ts';

const unitsScript = `
systemctl show --property=Id,LoadState,ActiveState,SubState,Result getty@tty1.service kmsconvt@tty1.service
echo "foreground console: $(cat /sys/class/tty/tty0/active)"`;

/** One sentence's end on what reads the keys of the virtual screen instead of a shell that runs what is typed. */
function describeReader(reader: Process | null): string {
  if (reader === null) return 'nothing reads its keys';
  if (isLogin(reader.command)) return `it asks for a login (${reader.command} is waiting)`;
  return `${reader.command}, run by ${reader.user}, reads its keys and ran nothing that was typed`;
}

/**
 * Puts into the evidence what the virtual screen runs and shows; returns it in a few words.
 * @param seen who read its keys before; a login that was typed into may be starting anew by now.
 */
export async function explainScreen(guest: Guest, seen: Process | null): Promise<string> {
  const access = guest.shell.access;
  guest.note(await guest.screenshot('virtual-screen'));
  const units = await run(guest, unitsScript);
  guest.note({ action: 'systemctl show getty@tty1 kmsconvt@tty1', observed: units.output.trim(), access });
  const processes = await listProcesses(guest);
  const listed = onVirtualScreen(processes).map(({ pid, user, command }) => `${pid} ${user} ${command}`);
  guest.note({ action: 'processes on the virtual screen', observed: listed.join('\n') || 'none', access });
  const session = await findSession(guest);
  return session === null ? describeReader(keyReader(processes) ?? seen) : describeSession(session);
}
