import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node-pty';
import type { Chord, Layout, VirtualKeyboard } from '../harness/console/keys/keyboard.ts';
import { charactersFor } from '../harness/console/keys/layouts.ts';

export interface VirtualScreen extends AsyncDisposable {
  keyboard: VirtualKeyboard;
  /** Where what is typed leaves its files. */
  directory: string;
}

export interface ScreenOptions {
  /** What the keys mean. @default `ch` */
  layout?: Layout;
  /** `login` waits for a name and lets nobody in. @default `shell` */
  runs?: 'shell' | 'login';
  /** Changes what is pressed, e.g. loses a key. `count` is how many times `press` was called before. */
  press?: (chords: readonly Chord[], count: number) => readonly Chord[];
}

/**
 * A real terminal with a real shell in it, under a process that is called kmscon, and a keyboard that types into it:
 * what a guest's virtual screen is to the scenarios. Needs Linux's /proc.
 */
export async function virtualScreen(options: ScreenOptions = {}): Promise<VirtualScreen> {
  const { layout = { layout: 'ch', variant: '' }, runs = 'shell', press = (chords) => chords } = options;
  const directory = await mkdtemp(join(tmpdir(), 'bm-screen-'));
  // Linux calls a process as the link by which it was started.
  await symlink('/bin/sh', join(directory, 'kmscon'));
  await symlink('/bin/cat', join(directory, 'login'));
  const command = runs === 'shell' ? 'sh -i; exit' : './login; exit';
  const pty = spawn('./kmscon', ['-c', command], {
    cwd: directory,
    env: { PATH: process.env['PATH'] ?? '' },
  });
  let shown = '';
  let onShown = (): void => {};
  pty.onData((data) => {
    shown = (shown + data).slice(-1000);
    onShown();
  });
  const prompt = async (): Promise<void> => {
    while (!/[#$] $/.test(shown)) await new Promise<void>((resolve) => (onShown = resolve));
  };
  const ended = new Promise<void>((resolve) => pty.onExit(() => resolve()));

  let count = 0;
  const keyboard: VirtualKeyboard = {
    press: async (chords) => {
      for (const part of charactersFor(layout, press(chords, count++)).split(/(?<=\x03)/)) {
        if (part.endsWith('\x03')) shown = '';
        pty.write(part.replaceAll('\n', '\r'));
        // A shell drops what it has read already when it is interrupted; no person types that fast.
        if (part.endsWith('\x03')) await prompt();
      }
    },
    type: async (text) => pty.write(text),
  };
  return {
    keyboard,
    directory,
    async [Symbol.asyncDispose]() {
      pty.kill('SIGKILL');
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}
