/** A conversation with `boot-matrix attach`, as a person has it. */
import { execa } from 'execa';
import { expect } from 'vitest';
import { cliPath, type World } from './cli.ts';

export function attach(world: World, args: readonly string[]) {
  const conversation = execa(process.execPath, [cliPath, 'attach', ...args, '--out', world.out], {
    env: world.env,
    reject: false,
    buffer: { stdout: false },
  });
  let shown = '';
  conversation.stdout.on('data', (data: Buffer) => (shown += data.toString()));
  return {
    type: (text: string): void => void conversation.stdin.write(text),
    async sees(text: string): Promise<void> {
      while (!shown.includes(text)) await new Promise((resolve) => conversation.stdout.once('data', resolve));
    },
    async leave(): Promise<void> {
      conversation.kill('SIGINT');
      expect(await conversation).toMatchObject({ exitCode: 0 });
    },
    ended: conversation,
    get shown() {
      return shown;
    },
  };
}
