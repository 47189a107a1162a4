import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { describe, it } from 'vitest';
import { openSerialShell } from './serial-shell.ts';
import { PtyGuest, type PtyGuestOptions } from '../testing/pty-guest.ts';
import { seededRandom } from '../testing/random.ts';

/** The shells that sit on consoles, and what `/bin/sh` is where they do. */
const guests: Record<string, PtyGuestOptions> = {
  'bash, as on NixOS': { command: 'bash', args: ['--norc'], sh: '/bin/bash' },
  'dash, as on Debian': { command: 'dash', sh: '/bin/dash' },
  'BusyBox ash, as on Alpine': { command: 'busybox', args: ['sh'], sh: '/bin/busybox' },
};

describe.concurrent.each(Object.entries(guests))(
  'a shell on serial: %s',
  { timeout: 120_000 },
  (_, options) => {
    it('gives back exactly what a script wrote, and how it ended', async ({ expect }) => {
      using guest = new PtyGuest(options);
      const { shell, autologin } = await openSerialShell(guest);
      expect(autologin).toBe(true);
      expect(shell.user).toBe('root');
      expect(await shell.run('echo hello')).toMatchObject({ status: 0, output: 'hello\n' });
      expect(await shell.run('printf "a\\n\\n\\n"; exit 3')).toMatchObject({ status: 3, output: 'a\n\n\n' });
      expect(await shell.run('true')).toMatchObject({ status: 0, output: '' });
      expect(await shell.run('echo out; echo err >&2; echo out')).toMatchObject({
        status: 0,
        output: 'out\nerr\nout\n',
      });
      expect(await shell.run('kill -KILL $$')).toMatchObject({ status: 137, output: '' });
      expect(await shell.run('echo begun; kill -TERM $$')).toMatchObject({ status: 143, output: 'begun\n' });
      expect((await shell.run('echo "unclosed')).status).not.toBe(0);
      const statuses = [0, 1, 2, 126, 127, 128, 129, 254, 255];
      for (const status of statuses) expect(await shell.run(`exit ${status}`)).toMatchObject({ status });
      for (const signal of [1, 2, 9, 15]) {
        const killed = await shell.run(`sh -c 'kill -${signal} $$'`);
        expect(killed).toMatchObject({ status: 128 + signal });
      }
      expect(await shell.run('cat; echo "stdin is empty"')).toMatchObject({
        status: 0,
        output: 'stdin is empty\n',
      });
      expect(await shell.run(`cat <<'E'\nquotes ' " \` $x \\ ! ü → 🙂\tend\nE`)).toMatchObject({
        status: 0,
        output: 'quotes \' " ` $x \\ ! ü → 🙂\tend\n',
      });
      expect(await shell.run('printf "\\000\\377\\033[31m\\r\\n"')).toMatchObject({
        status: 0,
        output: '\0\ufffd\x1b[31m\r\n',
      });
    });

    it('gives the console back to the shell that was there', async () => {
      using guest = new PtyGuest(options);
      const { shell } = await openSerialShell(guest);
      shell.leave?.();
      guest.write('echo there-$((6 * 7)); stty -a\r');
      // What is typed is seen again, as a person expects it.
      await guest.transcript.waitFor(/there-42/);
      await guest.transcript.waitFor(/[^-]echo\b/);
    });

    it('takes scripts of many pieces and answers of many blocks', async ({ expect }) => {
      using guest = new PtyGuest({ ...options, chunk: 4096 });
      const { shell } = await openSerialShell(guest);
      const comment = `# ${'x'.repeat(98)}\n`.repeat(300);
      expect(await shell.run(`${comment}echo ran`)).toMatchObject({ status: 0, output: 'ran\n' });

      const bytes = randomBytes(2, 200_000);
      await writeFile(`${guest.directory}/binary`, bytes);
      const result = await shell.run(`cat ${guest.directory}/binary`);
      expect(result.status).toBe(0);
      expect(bytes.equals(result.bytes)).toBe(true);
      expect(result.output === bytes.toString()).toBe(true);
    });

    it('survives noise, and runs each script once', async ({ expect }) => {
      using guest = new PtyGuest({ ...options, noise: { seed: 3, messages: 1 / 2000, lost: 1 / 5000 } });
      const { shell } = await openSerialShell(guest, { slowness: 0.05 });
      const random = seededRandom(4);
      const count = 15;
      for (let index = 0; index < count; index++) {
        const lines = Math.floor(random() ** 3 * 500);
        const status = Math.floor(random() * 100);
        const result = await shell.run(
          `echo ${index} >> ${guest.directory}/runs; yes line-${index} | head -n ${lines}; exit ${status}`,
          { timeoutSeconds: 400 },
        );
        expect(result).toMatchObject({ status, output: `line-${index}\n`.repeat(lines) });
      }
      const runs = (await readFile(`${guest.directory}/runs`, 'utf8')).trim().split('\n');
      expect(runs).toEqual(Array.from({ length: count }, (_unused, index) => String(index)));
    });

    it('survives input that gets lost', async ({ expect }) => {
      using guest = new PtyGuest({
        ...options,
        noise: { seed: 5, messages: 0, lost: 0, lostInput: 1 / 3000 },
      });
      const { shell } = await openSerialShell(guest, { slowness: 0.05 });
      const script = `: ${'y'.repeat(4000)}\necho whole >> ${guest.directory}/runs; echo ran`;
      for (let index = 0; index < 5; index++) {
        expect(await shell.run(script, { timeoutSeconds: 400 })).toMatchObject({
          status: 0,
          output: 'ran\n',
        });
      }
      expect(await readFile(`${guest.directory}/runs`, 'utf8')).toBe('whole\n'.repeat(5));
    });

    it('runs one script at a time, in order', async ({ expect }) => {
      using guest = new PtyGuest(options);
      const { shell } = await openSerialShell(guest);
      const file = `${guest.directory}/order`;
      const runs = ['a', 'b', 'c'].map((name) =>
        shell.run(`echo ${name} >> ${file}; sleep 0.02; echo ${name} >> ${file}; cat ${file}`),
      );
      const outputs = (await Promise.all(runs)).map(({ output }) => output.replaceAll('\n', ''));
      expect(outputs).toEqual(['aa', 'aabb', 'aabbcc']);
    });
  },
);

describe.concurrent('the bounds of a script', { timeout: 120_000 }, () => {
  it('ends a script that takes too long, tells how far it came, and goes on', async ({ expect }) => {
    using guest = new PtyGuest({ command: 'dash' });
    const { shell } = await openSerialShell(guest);
    const late = shell.run('echo begun; sleep 1000; echo never', { timeoutSeconds: 2 });
    await expect(late).rejects.toMatchObject({ code: 'command-timeout', evidence: 'begun\n' });
    expect(await shell.run('echo after')).toMatchObject({ status: 0, output: 'after\n' });
  });

  it('gives back megabytes that are no text', async ({ expect }) => {
    using guest = new PtyGuest({ command: 'dash', chunk: 4096 });
    const { shell } = await openSerialShell(guest);
    const bytes = randomBytes(6, 2 * 2 ** 20);
    await writeFile(`${guest.directory}/binary`, bytes);
    const result = await shell.run(`cat ${guest.directory}/binary`);
    expect(bytes.equals(result.bytes)).toBe(true);
  });

  it('refuses more than fits, and goes on', async ({ expect }) => {
    using guest = new PtyGuest({ command: 'dash', chunk: 4096 });
    const { shell } = await openSerialShell(guest);
    await expect(shell.run('head -c 17000000 /dev/zero', { timeoutSeconds: 100 })).rejects.toMatchObject({
      code: 'output-too-long',
    });
    expect(await shell.run('echo after')).toMatchObject({ output: 'after\n' });
  });

  it.for([1, 2, 3])(
    'is exact behind a line that loses, doubles and splices: seed %i',
    async (seed, { expect }) => {
      const noise = { seed, messages: 1 / 700, lost: 1 / 3000, doubled: 1 / 3000, lostInput: 1 / 5000 };
      using guest = new PtyGuest({ command: 'dash', noise, chunk: 1 + seed * 7 });
      const { shell } = await openSerialShell(guest, { slowness: 0.05 });
      const random = seededRandom(seed);
      for (let index = 0; index < 12; index++) {
        const bytes = randomBytes(seed * 100 + index, Math.floor(random() ** 4 * 30_000));
        const status = Math.floor(random() * 256);
        await writeFile(`${guest.directory}/binary`, bytes);
        const result = await shell.run(`cat ${guest.directory}/binary; exit ${status}`, {
          timeoutSeconds: 1000,
        });
        expect(result.status).toBe(status);
        expect(bytes.equals(result.bytes)).toBe(true);
      }
    },
  );
});

describe.concurrent('what is refused', () => {
  it('a script that cannot be an argument', async ({ expect }) => {
    using guest = new PtyGuest({ command: 'dash' });
    const { shell } = await openSerialShell(guest);
    await expect(shell.run('echo \0')).rejects.toMatchObject({ code: 'bad-script' });
    await expect(shell.run('x'.repeat(200_000))).rejects.toMatchObject({ code: 'bad-script' });
  });

  it('an attempt that is aborted, with the reason', async ({ expect }) => {
    using guest = new PtyGuest({ command: 'sleep', args: ['1000'] });
    const reason = new Error(randomUUID());
    await expect(openSerialShell(guest, { signal: AbortSignal.timeout(50) })).rejects.toThrow('timeout');
    await expect(openSerialShell(guest, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

function randomBytes(seed: number, length: number): Buffer {
  const random = seededRandom(seed);
  return Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));
}
