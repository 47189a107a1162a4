import { expect, it } from 'vitest';
import { reasonOf } from '../test/guest-programs.ts';
import { size } from './size.ts';

const programs = {
  df: `[ "$2" = /absent ] && { echo "df: /absent: No such file or directory" >&2; exit 1; }
printf 'Filesystem 1024-blocks Used Available Capacity Mounted on\\n/dev/a b 4096000 1048576 2000000 35%% /\\n'`,
  nix: 'echo "/nix/store/abc-nixos-system  2147483648"',
};

it('passes where it fits', async () => {
  expect(await reasonOf(size, { size: { used: { '/': 1024 }, closure: 2048 } }, programs)).toBe('');
});

it('tells by how much it does not', async () => {
  expect(await reasonOf(size, { size: { used: { '/': 1000 }, closure: 2047 } }, programs)).toBe(
    'expected what is in use at / to be at most 1000 MiB, got 1024.0 MiB; expected the closure of the system to be at most 2047 MiB, got 2048.0 MiB',
  );
});

it('is not content with no answer', async () => {
  expect(await reasonOf(size, { size: { used: { '/absent': 1 } } }, programs)).toBe(
    'expected what is in use at /absent to be told, got: df: /absent: No such file or directory',
  );
});
