import type { Guest } from '../../harness/console/guest.ts';
import { run, runAsRoot } from '../guest-script.ts';

/** What logind(8) has on the seat's screen when that is graphical. */
export interface GraphicalSession {
  id: string;
  user: string;
  uid: number;
  type: 'wayland' | 'x11';
  /** The PAM service that opened it, e.g. `gdm-autologin`. */
  service: string;
  /** `user` or a kind of it (`user-early`, `user-light`, since systemd 256), or of those who ask who is there: `greeter`, `lock-screen`. */
  class: string;
  isLocked: boolean;
}

/** Asks logind only where a display server listens: most guests have none, and are asked again and again. */
const findScript = `
display=
for socket in /run/user/*/wayland-* /tmp/.X11-unix/X*; do [ -S "$socket" ] && display=$socket; done
[ -n "$display" ] || exit 0
session=$(loginctl show-seat seat0 --property=ActiveSession --value)
[ -n "$session" ] && loginctl show-session "$session"`;

/** Reads what `loginctl show-session` prints; null for a session of text, and for none. */
export function parseSession(output: string): GraphicalSession | null {
  const value = (key: string): string => new RegExp(`^${key}=(.*?)\\r?$`, 'm').exec(output)?.[1] ?? '';
  const type = value('Type');
  if ((type !== 'wayland' && type !== 'x11') || !/^\d+$/.test(value('User'))) return null;
  return {
    id: value('Id'),
    user: value('Name'),
    uid: Number(value('User')),
    type,
    service: value('Service'),
    class: value('Class'),
    isLocked: value('LockedHint') === 'yes',
  };
}

/** The graphical session that is on the screen; null where there is none. */
export async function findSession(guest: Guest): Promise<GraphicalSession | null> {
  const { output } = await runAsRoot(guest, findScript);
  return parseSession(output);
}

/** Whether a program runs that logs people in graphically: its session, or its question, comes some time after it. */
export async function hasDisplayManager(guest: Guest): Promise<boolean> {
  return (await run(guest, 'systemctl --quiet is-active display-manager.service')).status === 0;
}

/** Whether somebody is logged in, and not asked for a password. */
export const isOpen = (session: GraphicalSession): boolean => isUsers(session.class) && !session.isLocked;

/** A session of somebody who is logged in; `user-incomplete` is one whose PAM modules are not done. */
const isUsers = (kind: string): boolean => kind === 'user' || /^user-(?!incomplete)/.test(kind);

/** In a few words, for people. */
export function describeSession({ class: kind, isLocked, service, type, user }: GraphicalSession): string {
  if (!isUsers(kind)) return `a graphical login is shown there (${kind} of ${service}, run by ${user})`;
  const what = `the graphical session of ${user} (${type}, by ${service})`;
  return isLocked ? `${what} is locked` : what;
}
