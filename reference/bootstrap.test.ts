import { expect, test } from 'vitest';
import { mmdebstrapArgs } from './bootstrap.ts';

const bootstrap = {
  variant: 'extract',
  architecture: 'aarch64',
  packages: ['git', 'curl'],
  target: '/cache/root',
  mirror: 'http://mirror.example/debian',
  debs: "/cache/it's here",
  aptOptions: ['Acquire::http::Proxy "http://proxy.example"'],
  files: { '/etc/apt/preferences.d/kmscon': '/cache/preferences' },
} as const;

test('the arguments name architecture, packages, both releases of one mirror, and the proxy', () => {
  const args = mmdebstrapArgs(bootstrap);
  expect(args).toContain('--architectures=arm64');
  expect(args).toContain('--include=git,curl');
  expect(args).toContain('--aptopt=Acquire::http::Proxy "http://proxy.example"');
  expect(args.filter((arg) => arg.startsWith('deb ')).map((line) => line.replace(/\[.*\] /, ''))).toEqual([
    'deb http://mirror.example/debian trixie main',
    'deb http://mirror.example/debian bookworm main',
  ]);
});

test('paths are quoted for the shell of a hook', () => {
  expect(mmdebstrapArgs(bootstrap).find((arg) => arg.includes('cp -al'))).toContain(
    `'/cache/it'\\''s here'/. "$1"`,
  );
});

test('a hook runs last only where one is asked for', () => {
  expect(mmdebstrapArgs(bootstrap).some((arg) => arg.startsWith('--customize-hook'))).toBe(false);
  expect(mmdebstrapArgs({ ...bootstrap, finish: 'true' })).toContain('--customize-hook=true');
});
