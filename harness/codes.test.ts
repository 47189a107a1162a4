import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { codes } from './codes.ts';

const root = join(import.meta.dirname, '..');
const sources = globSync('{harness,scenarios,ovmf}/**/*.ts', { cwd: root })
  .filter((file) => !/\.test\.ts$|\/testing\/|^harness\/codes\.ts$/.test(file))
  .map((file) => readFileSync(join(root, file), 'utf8'));
const told = new Set([...Object.keys(codes.failed), ...Object.keys(codes.error)]);

test('every code that ends a boot or a check is explained', () => {
  const raised = sources.flatMap((text) => [
    ...text.matchAll(/new (?:GuestError|HostError)\(\s*'([a-z0-9-]+)'/g),
    ...text.matchAll(/\bcode: '([a-z0-9-]+)'/g),
  ]);
  const missing = raised
    .map(([, code = '']) => code)
    .filter((code) => !told.has(code) && !isOfInput.has(code));
  expect([...new Set(missing)].sort()).toEqual([]);
  expect(raised.length).toBeGreaterThan(100);
});

/** They end a command before anything boots. */
const isOfInput = new Set(['flake-build', 'flake-evaluation', 'report-unwritable', 'requirements-missing']);

test('no code is explained that nothing has', () => {
  const all = sources.join('\n');
  expect([...told].filter((code) => !all.includes(`'${code}'`))).toEqual([]);
});
