import { userInfo } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Guest } from '../harness/console/guest.ts';
import { Transcript } from '../harness/console/serial/transcript.ts';
import { commandResult } from '../harness/console/shells/shell.ts';
import type { Evidence } from '../harness/events.ts';
import { noPower } from './no-power.ts';
import { scratchDirectory } from './scratch.ts';

/** Who runs the tests: the only user whom a guest that is this host can log in. */
export const me = userInfo().username;

export interface HostGuest extends Guest {
  readonly evidence: Evidence[];
}

/** Programs that do not do to this host what they do to a guest. */
const programs = join(import.meta.dirname, 'host-guest-bin');

/** A guest whose commands run on this host: what a scenario sends is run by a real shell. */
export async function hostGuest(
  overrides: Partial<Guest> & {
    /** Added to the environment of the commands. */
    env?: Record<string, string>;
  } = {},
): Promise<HostGuest> {
  const { env: added = {}, ...rest } = overrides;
  const env = { PATH: `${programs}:${process.env['PATH']}`, ...added };
  const evidence: Evidence[] = [];
  return {
    nonce: 'bcdefghijkln',
    arch: 'x86_64',
    format: 'qemu',
    boot: { phases: {}, serialAutologin: null },
    shell: {
      access: 'serial',
      // As root in its own guest: no sudo is asked for.
      user: 'root',
      run: async (script) => {
        const options = { env, all: true, reject: false, stdin: 'ignore', encoding: 'buffer' } as const;
        const result = await execa('sh', ['-c', script], { ...options, stripFinalNewline: true });
        return commandResult(result.exitCode ?? 255, result.all);
      },
    },
    keyboard: {
      press: () => Promise.reject(new Error('this guest has no keyboard')),
      type: () => Promise.reject(new Error('this guest has no keyboard')),
    },
    power: noPower,
    console: new Transcript(),
    readScreen: async () => null,
    ssh: { host: '127.0.0.1', port: 1 },
    scratch: await scratchDirectory(),
    slowness: 1,
    signal: new AbortController().signal,
    screenshot: async (name) => ({ action: 'screenshot', observed: `${name}.png` }),
    claim: () => null,
    ...rest,
    evidence,
    note: (one) => evidence.push(one),
  };
}
