import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { me } from '../../../test/host-guest.ts';
import type { MachinePort } from '../../machine/machine.ts';
import { openAgentShell } from './agent-shell.ts';
import type { Shell } from './shell.ts';

const ends: (() => unknown)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

function startAgent(behaviour = ''): MachinePort {
  const agent = spawn(process.execPath, [join(import.meta.dirname, '../testing/agent.ts'), behaviour], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  ends.push(() => agent.kill());
  return {
    write: (data) => void agent.stdin.write(data),
    onData: (listener) => {
      agent.stdout.on('data', listener);
      return () => agent.stdout.off('data', listener);
    },
  };
}

function open(behaviour?: string, slowness = 1): Promise<Shell> {
  const end = new AbortController();
  ends.push(() => end.abort());
  return openAgentShell(startAgent(behaviour), { slowness, signal: end.signal });
}

test.each([
  ['output and status', 'echo out; exit 7', { status: 7, output: 'out\n' }],
  ['both streams in order', 'echo a; echo b >&2; echo c', { status: 0, output: 'a\nb\nc\n' }],
  ['no output', 'true', { status: 0, output: '' }],
  ['a command that wants input', 'cat; echo end', { status: 0, output: 'end\n' }],
  ['quotes', `echo "it's"`, { status: 0, output: "it's\n" }],
  ['a signal', 'kill -9 $$', { status: 137, output: '' }],
  ['characters', 'echo zöäü', { status: 0, output: 'zöäü\n' }],
])('brings back %s', async (_, script, expected) => {
  const shell = await open();
  expect(shell).toMatchObject({ access: 'agent', user: me });
  expect(await shell.run(script)).toMatchObject(expected);
});

test('brings back bytes that are no text, exactly', async () => {
  const { bytes } = await (await open()).run(String.raw`printf '\377\000\n'`);
  expect([...bytes]).toEqual([0xff, 0, 0x0a]);
});

test('passes over what is no answer', async () => {
  expect(await (await open('nonsense')).run('echo in')).toMatchObject({ output: 'in\n' });
});

test.each([
  ['refuses', 'agent-refused', 'the guest agent refused guest-exec: Command guest-exec has been disabled'],
  ['truncates', 'output-too-long', '`id -un` wrote more than 16 MiB.'],
  ['newlines', 'agent-garbled', "the guest agent's channel sent 1000 lines, none of them an answer"],
  ['nested', 'agent-garbled', 'the guest agent sent an answer that cannot be read'],
])('an agent that %s', async (behaviour, code, message) => {
  await expect(open(behaviour)).rejects.toMatchObject({ code, message });
});

test('an agent that says nothing', async () => {
  await expect(open('silent', 0.01)).rejects.toMatchObject({ code: 'agent-silent' });
});

test('a command that does not end is given up', async () => {
  const shell = await open();
  await expect(shell.run('sleep 60', { timeoutSeconds: 0.2 })).rejects.toMatchObject({
    code: 'command-timeout',
  });
});
