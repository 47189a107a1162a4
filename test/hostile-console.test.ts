import { join } from 'node:path';
import { spawn } from 'node-pty';
import { expect, test } from 'vitest';
import { expectClean } from './clean-terminal.ts';
import { cliPath, untilEvent, untilNothingIsLeft } from './cli.ts';
import { watchMemory } from './harness-memory.ts';
import { checkJunitFile } from './junit-schema.ts';
import { cellsByBehaviour, prepareStubRun, startStubRun } from './stub-run.ts';

interface Expected {
  verdict: 'failed' | 'passed';
  reason: RegExp;
}

/** What each guest does, and what must be said of it; those of a group run side by side. */
const groups: Record<string, Record<string, Expected>> = {
  'whatever it writes': {
    'writes-escapes': { verdict: 'failed', reason: /kernel panic/ },
    'answers-escapes': {
      verdict: 'failed',
      reason: /^autologin: on serial expected \S+ to be logged in, got /,
    },
    'writes-noise': { verdict: 'passed', reason: /^$/ },
    'writes-one-line': { verdict: 'failed', reason: /kernel panic.*at last/ },
    'says-all-twice': { verdict: 'passed', reason: /^$/ },
    'forges-answers': { verdict: 'failed', reason: /./ },
  },
  'though it never ends': {
    floods: { verdict: 'failed', reason: /flooded the console|kernel/ },
    // It is the host's one processor that the others wait for, and they pass all the same.
    boots: { verdict: 'passed', reason: /^$/ },
    'floods-later': { verdict: 'failed', reason: /flooded the console|did not end within|never came|stuck/ },
  },
  'whatever it asks': {
    'stops-reading': { verdict: 'failed', reason: /login/ },
    'asks-for-login-forever': { verdict: 'failed', reason: /refused 3 times/ },
    'asks-for-password-forever': { verdict: 'failed', reason: /login/ },
    'prompts-forever': { verdict: 'failed', reason: /cannot run commands/ },
  },
};

test.concurrent.each(Object.entries(groups))(
  '%s: a verdict, bounded memory, a clean log, well-formed XML',
  async (_, guests) => {
    const run = await prepareStubRun(Object.keys(guests), { login: { user: 'nobody', password: '' } });
    await using world = run.world;
    const harness = startStubRun(run);
    const peakMiB = watchMemory(harness.pid);
    const { exitCode, stdout, stderr } = await harness;
    expect(exitCode, String(stderr)).toBe(1);
    const cells = await cellsByBehaviour(run);
    for (const [behaviour, { verdict, reason }] of Object.entries(guests)) {
      expect(cells[behaviour], behaviour).toMatchObject({ verdict, reason: expect.stringMatching(reason) });
    }
    expectClean(`${String(stdout)}\n${String(stderr)}`);
    await checkJunitFile(join(world.out, 'junit.xml'));
    expect(peakMiB()).toBeLessThan(400);
    await untilNothingIsLeft(world);
  },
);

test.concurrent('a live view on a terminal shows what a guest wrote and does not do it', async () => {
  const run = await prepareStubRun(['writes-escapes', 'answers-escapes']);
  await using world = run.world;
  const env = { ...process.env, ...world.env, ...run.env, CI: '', TERM: 'xterm' };
  const terminal = spawn(process.execPath, [cliPath, ...run.args, '--out', world.out], {
    encoding: null,
    cols: 100,
    rows: 30,
    env,
  });
  const chunks: Uint8Array[] = [];
  // With `encoding: null` these are buffers, whatever the declaration says.
  terminal.onData((data) => chunks.push(data as unknown as Uint8Array));
  const exitCode = await new Promise((resolve) => terminal.onExit((exit) => resolve(exit.exitCode)));
  const output = Buffer.concat(chunks);
  expect(exitCode).toBe(1);
  expect(output.toString()).toContain('pwned-link');
  expectClean(output);
});

// Here, since it waits for as long as the others do.
test.concurrent('a guest that waits at its login prompt is up, and not stuck: keys are tried, then another boot', async () => {
  const run = await prepareStubRun(['asks-for-login'], {
    autologin: { screen: 'root', serial: {} },
    login: null,
  });
  await using world = run.world;
  const harness = startStubRun(run);
  const shut = await untilEvent(world, ({ type }) => type === 'cell-finished' || type === 'notice');
  harness.kill('SIGINT');
  await harness;
  expect(shut).toMatchObject({
    type: 'notice',
    text: expect.stringMatching(
      /: no way in: .*no shell ran what was typed on the virtual screen; it is booted again with systemd's credentials/,
    ),
  });
});
