import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import pLimit from 'p-limit';
import { z } from 'zod';
import { GuestError } from '../../errors.ts';
import type { MachinePort } from '../../machine/machine.ts';
import { GuestAgent } from './guest-agent.ts';
import { commandResult, maxOutputBytes, nameOf, outputTooLong, type Shell } from './shell.ts';

/** How often to ask whether a command has ended, in milliseconds: the agent tells of it by nothing else. */
const askMs = { first: 10, most: 250 };

/**
 * Runs the script that comes on stdin as a login's shell would: a service of NixOS has next to nothing in its PATH. What
 * a profile says is not the script's output.
 */
const wrap = `script=$(cat)
if [ -r /etc/profile ]; then . /etc/profile; fi </dev/null >/dev/null 2>&1
exec sh -c "$script" </dev/null 2>&1`;

const started = z.object({ pid: z.int() });
const state = z.object({
  exited: z.boolean(),
  exitcode: z.int().optional(),
  signal: z.int().optional(),
  'out-data': z.string().optional(),
  'out-truncated': z.boolean().optional(),
});

/**
 * A shell that QEMU's guest agent runs commands for; they are root's, as the agent is.
 * @param options.signal ends the shell.
 * @throws GuestError when the agent does not run commands, which some distributions forbid.
 */
export async function openAgentShell(
  port: MachinePort,
  options: { slowness: number; signal: AbortSignal },
): Promise<Shell> {
  const { slowness, signal } = options;
  const agent = new GuestAgent(port, options);
  const oneAtATime = pLimit(1);

  async function runNow(script: string, seconds: number): ReturnType<Shell['run']> {
    const what = nameOf(script);
    const deadline = performance.now() + seconds * 1000;
    const { pid } = read(
      started,
      await agent.call('guest-exec', {
        path: '/bin/sh',
        arg: ['-c', wrap],
        'input-data': Buffer.from(script).toString('base64'),
        'capture-output': true,
      }),
    );
    for (let pause = askMs.first; ; pause = Math.min(pause * 1.5, askMs.most)) {
      const now = read(state, await agent.call('guest-exec-status', { pid }));
      if (now.exited) {
        const bytes = Buffer.from(now['out-data'] ?? '', 'base64');
        if (now['out-truncated'] === true || bytes.length > maxOutputBytes) throw outputTooLong(what);
        return commandResult(now.exitcode ?? 128 + (now.signal ?? 0), bytes);
      }
      if (performance.now() > deadline) {
        throw new GuestError('command-timeout', `\`${what}\` did not end within ${Math.round(seconds)} s.`, {
          ranOut: true,
        });
      }
      await sleep(pause, undefined, { signal });
    }
  }

  const run: Shell['run'] = (script, { timeoutSeconds = 60 } = {}) =>
    oneAtATime(() => runNow(script, timeoutSeconds * slowness));
  const { output } = await run('id -un');
  return { access: 'agent', user: output.trim(), run };
}

function read<T>(schema: z.ZodType<T>, answer: unknown): T {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new GuestError('agent-garbled', 'the guest agent sent an answer that cannot be read', {
    // JSON.stringify has no end of levels, and the stack has one.
    evidence: inspect(answer, { depth: 3, maxStringLength: 1000 }).slice(0, 1000),
  });
}
