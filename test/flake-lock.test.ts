import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

interface Lock {
  version: number;
  nodes: { nixpkgs: { locked: Record<string, unknown>; original: Record<string, string> } };
}

test('the lock is of the branch that the flake names', async () => {
  const [, owner, repo, ref] =
    /nixpkgs\.url = "github:([^/]+)\/([^/]+)\/([^"]+)"/.exec(
      await readFile(join(root, 'flake.nix'), 'utf8'),
    ) ?? [];
  const { nodes, version } = JSON.parse(await readFile(join(root, 'flake.lock'), 'utf8')) as Lock;
  expect(version).toBe(7);
  expect(nodes.nixpkgs.original).toEqual({ owner, ref, repo, type: 'github' });
  expect(nodes.nixpkgs.locked).toMatchObject({
    owner,
    repo,
    rev: expect.stringMatching(/^[0-9a-f]{40}$/),
    narHash: expect.stringMatching(/^sha256-[A-Za-z0-9+/]{43}=$/),
  });
});
