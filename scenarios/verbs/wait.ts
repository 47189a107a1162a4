import type { Guest } from '../../harness/console/guest.ts';
import { GuestError } from '../../harness/errors.ts';
import { quote } from '../../harness/shell-quote.ts';
import { isBootOver } from '../boot-over.ts';
import { run } from '../guest-script.ts';
import { until } from '../until.ts';

const defaultSeconds = 90;

/** Waits until systemd has a unit active. */
export async function waitForUnit(
  guest: Guest,
  unit: string,
  { timeoutSeconds = defaultSeconds }: { timeoutSeconds?: number } = {},
): Promise<void> {
  const ask = `systemctl show --property=LoadState,ActiveState,SubState,Result -- ${quote(unit)}`;
  let seen = '';
  const state = await until(guest, timeoutSeconds, async () => {
    // In this order: a unit that comes up in between is found.
    const over = await isBootOver(guest);
    const { output } = await run(guest, ask);
    seen = output.trim().replaceAll(/\r?\n/g, ', ');
    const active = /^ActiveState=(\S+?)\r?$/m.exec(output)?.[1];
    if (active === 'active') return 'active';
    const isGone = /^LoadState=(?:not-found|bad-setting|masked)\r?$/m.test(output);
    return active === 'failed' || isGone || (over && active === 'inactive') ? 'failed' : undefined;
  });
  guest.note({ action: `wait for ${unit}`, observed: seen, access: guest.shell.access });
  if (state === 'active') return;
  const { output: evidence } = await run(guest, `systemctl status --no-pager --full -- ${quote(unit)}`);
  throw state === 'failed'
    ? new GuestError('unit-failed', `expected ${unit} to be active, got ${seen}`, { evidence })
    : new GuestError(
        'unit-timeout',
        `expected ${unit} to be active within ${timeoutSeconds} s, got ${seen}`,
        {
          evidence,
          ranOut: true,
        },
      );
}

/** The kernel's own tables: not every system has ss(8). */
const listens = (port: number): string =>
  `grep -qsE ':${port.toString(16).toUpperCase().padStart(4, '0')} [0-9A-F]+:[0-9A-F]+ 0A ' /proc/net/tcp /proc/net/tcp6`;

/** Waits until something listens on a TCP port. */
export async function waitForPort(
  guest: Guest,
  port: number,
  { timeoutSeconds = defaultSeconds }: { timeoutSeconds?: number } = {},
): Promise<void> {
  const found = await until(guest, timeoutSeconds, async () =>
    (await run(guest, listens(port))).status === 0 ? true : undefined,
  );
  const observed = found === undefined ? 'nothing listens' : 'something listens';
  guest.note({ action: `wait for port ${port}`, observed, access: guest.shell.access });
  if (found !== undefined) return;
  throw new GuestError(
    'port-timeout',
    `expected something to listen on port ${port} within ${timeoutSeconds} s, got nothing`,
    { ranOut: true },
  );
}

export interface TextOptions {
  on?: 'console' | 'screen';
  timeoutSeconds?: number;
}

/** Waits for a text on the console or the screen; the answer is what matched. */
export async function waitForText(
  guest: Guest,
  text: string | RegExp,
  { on = 'console', timeoutSeconds = defaultSeconds }: TextOptions,
): Promise<string> {
  const found =
    on === 'console'
      ? await onConsole(guest, text, timeoutSeconds)
      : await onScreen(guest, text, timeoutSeconds);
  const access = on === 'console' ? 'serial' : 'keyboard';
  if ('text' in found) {
    guest.note({ action: `wait for ${String(text)} on the ${on}`, observed: found.text, access });
    return found.text;
  }
  throw new GuestError(
    'text-timeout',
    `expected ${String(text)} on the ${on} within ${timeoutSeconds} s, got none`,
    { evidence: found.instead, ranOut: true },
  );
}

type Found = { text: string } | { instead: string };

async function onConsole(guest: Guest, text: string | RegExp, seconds: number): Promise<Found> {
  const timeoutMs = seconds * guest.slowness * 1000;
  try {
    return { text: (await guest.console.waitFor(text, { timeoutMs, signal: guest.signal })).text };
  } catch (error) {
    if (error instanceof GuestError && error.code === 'console-timeout')
      return { instead: error.evidence ?? '' };
    throw error;
  }
}

async function onScreen(guest: Guest, text: string | RegExp, seconds: number): Promise<Found> {
  let shown: string | undefined;
  const found = await until(guest, seconds, async () => {
    shown = (await guest.readScreen())?.join('\n');
    if (shown === undefined) return undefined;
    if (typeof text === 'string') return shown.includes(text) ? text : undefined;
    return new RegExp(text.source, text.flags.replaceAll(/[gy]/g, '')).exec(shown)?.[0];
  });
  if (found !== undefined) return { text: found };
  guest.note(await guest.screenshot('no-text'));
  return { instead: shown ?? 'a picture that is no text' };
}
