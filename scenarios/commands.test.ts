import { expect, it } from 'vitest';
import { reasonOf } from '../test/guest-programs.ts';
import { commands } from './commands.ts';

const programs = {
  'its-there': 'exit 1',
  works: '[ "$*" = "--version and more" ] && echo 1.0',
  broken: 'echo "error while loading shared libraries" >&2; exit 127',
};

it('passes where each is there, and runs', async () => {
  const promised = { 'its-there': null, works: '--version and more' };
  expect(await reasonOf(commands, { commands: promised }, programs)).toBe('');
});

it('tells which is not there, and which does not run', async () => {
  const promised = { 'not-there': null, broken: '--version' };
  expect(await reasonOf(commands, { commands: promised }, programs)).toBe(
    "expected a command not-there, got none on root's PATH; expected `broken --version` to succeed, got status 127: error while loading shared libraries",
  );
});
