import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';
import { openSerialShell } from './serial-shell.ts';
import { PtyGuest } from '../testing/pty-guest.ts';

const loginProgram = fileURLToPath(new URL('../testing/login.sh', import.meta.url));
/** util-linux's own agetty, which flushes and echoes as on a real console, before a stand-in for `login`. */
const getty = (options: string[] = [], env: Record<string, string> = {}): PtyGuest =>
  new PtyGuest({
    command: '/sbin/agetty',
    args: [...options, '--noissue', '--noclear', '--login-program', loginProgram, '-', 'vt220'],
    env: { GUEST_USER: 'root', GUEST_PASSWORD: 'secret', ...env },
  });
const slowness = 0.2;

describe.concurrent('getting a shell on a serial console', { timeout: 60_000 }, () => {
  it('logs in where a name and a password are asked for', async ({ expect }) => {
    using guest = getty();
    const login = { user: 'root', password: 'secret' };
    const { shell, autologin } = await openSerialShell(guest, { login, slowness });
    expect(autologin).toBe(false);
    expect(await shell.run('echo in')).toMatchObject({ status: 0, output: 'in\n' });
  });

  it('logs in with an empty password', async ({ expect }) => {
    using guest = getty([], { GUEST_PASSWORD: '' });
    const { autologin } = await openSerialShell(guest, { login: { user: 'root', password: '' }, slowness });
    expect(autologin).toBe(false);
  });

  it('types no name where getty logs in by itself', async ({ expect }) => {
    using guest = getty(['--autologin', 'root']);
    const login = { user: 'root', password: 'secret' };
    const { shell, autologin, evidence } = await openSerialShell(guest, { login, slowness });
    expect(autologin).toBe(true);
    expect(guest.typed).not.toContain('secret');
    expect((await shell.run('echo in')).output).toBe('in\n');
    expect(evidence).toEqual([{ action: 'dmesg -n 1', observed: expect.any(String), access: 'serial' }]);
  });

  it('says that a login is asked for where none is promised', async ({ expect }) => {
    using guest = getty();
    await expect(openSerialShell(guest, { slowness })).rejects.toMatchObject({
      name: 'GuestError',
      code: 'login-required',
      evidence: expect.stringContaining('login:'),
    });
  });

  it('says that the login was refused', async ({ expect }) => {
    using guest = getty();
    const login = { user: 'root', password: 'wrong' };
    await expect(openSerialShell(guest, { login, slowness })).rejects.toMatchObject({
      code: 'login-refused',
      evidence: expect.stringContaining('Login incorrect'),
    });
  });

  it('finds a prompt that nobody knows', async ({ expect }) => {
    using guest = new PtyGuest({ command: 'bash', args: ['--norc'], env: { PS1: '❯ ' } });
    const { autologin } = await openSerialShell(guest, { slowness });
    expect(autologin).toBe(true);
  });

  it('finds a shell behind a prompt with colours and a title, as NixOS has it', async ({ expect }) => {
    const PS1 = String.raw`\n\[\033[1;31m\][\[\e]0;\u@\h: \w\a\]\u@\h:\w]\$\[\033[0m\] `;
    using guest = new PtyGuest({ command: 'bash', args: ['--norc'], env: { PS1 } });
    expect((await openSerialShell(guest, { slowness })).autologin).toBe(true);
  });

  it.for(['[guest]# ', 'guest login: '])(
    'sees the prompt that a message stands behind: %s',
    async (prompt, { expect }) => {
      const messages = [
        '[   93.625513] bochs-drm 0000:00:01.0: vgaarb: deactivate vga console',
        '[   93.700000][    T1] usb 1-1: new device',
        '[  OK  ] Reached target multi-user.target - Multi-User System.',
      ];
      const boot = `printf %s '${prompt}'; printf '%s\\n' ${messages.map((text) => `'${text}'`).join(' ')}; read -r _; PS1='[guest]# ' exec bash --norc`;
      using guest = new PtyGuest({ command: 'bash', args: ['-c', boot] });
      await openSerialShell(guest);
      expect(guest.typed).toMatch(prompt.includes('#') ? /^\/bin\/sh/ : /^\r\/bin\/sh/);
    },
  );

  it('types again what a getty flushed that was slow to read', async ({ expect }) => {
    const slow = `while printf 'guest login: '; do
      sleep 0.5; while IFS= read -r -t 0.01 _; do :; done
      IFS= read -r name && [ -n "$name" ] && '${loginProgram}' -- "$name"
    done`;
    using guest = new PtyGuest({
      command: 'bash',
      args: ['-c', slow],
      env: { GUEST_USER: 'root', GUEST_PASSWORD: 'secret' },
    });
    const login = { user: 'root', password: 'secret' };
    const { shell, autologin } = await openSerialShell(guest, { login, slowness });
    expect(autologin).toBe(false);
    expect((await shell.run('echo in')).output).toBe('in\n');
  });

  it('goes on where a login runs out of time and its getty starts anew', async ({ expect }) => {
    const impatient = `for attempt in 1 2; do
        printf '\\nguest login: '; IFS= read -r _; printf 'Password: '; IFS= read -r -t 0.1 _
        printf '\\r\\nLogin timed out after 60 seconds.\\r\\n'
      done
      exec /sbin/agetty --noissue --noclear --login-program '${loginProgram}' - vt220`;
    using guest = new PtyGuest({
      command: 'bash',
      args: ['-c', impatient],
      env: { GUEST_USER: 'root', GUEST_PASSWORD: 'secret' },
    });
    const login = { user: 'root', password: 'secret' };
    const { shell } = await openSerialShell(guest, { login, slowness });
    expect((await shell.run('echo in')).output).toBe('in\n');
  });

  it('interrupts what holds the console', async ({ expect }) => {
    const hold = `trap 'exec bash --norc' INT; echo "Press 'Ctrl-C' for console access"; while :; do sleep 0.1; done`;
    using guest = new PtyGuest({ command: 'bash', args: ['-c', hold] });
    const { shell } = await openSerialShell(guest, { slowness: 0.05 });
    expect((await shell.run('echo in')).output).toBe('in\n');
  });

  it('types nothing before there is a prompt', async ({ expect }) => {
    using guest = new PtyGuest({
      command: 'sh',
      args: ['-c', `echo 'error: #'; sleep 1; exec bash --norc`],
      env: { PS1: '# ' },
    });
    const { transcript } = guest;
    const before = transcript.waitFor('\n# ').then(() => guest.typed);
    await openSerialShell(guest);
    expect(await before).toBe('');
  });

  it('says which tools a shell lacks that cannot run commands', async ({ expect }) => {
    using guest = new PtyGuest({
      command: 'sh',
      args: ['-c', `while printf '$ ' && read -r line; do echo "not found"; done`],
    });
    await expect(openSerialShell(guest, { slowness: 0.05 })).rejects.toMatchObject({ code: 'no-shell' });
  });
});
