import { expect, it } from 'vitest';
import { nixosImages } from '../../../scenarios/contracts/systems/nixos-images.ts';
import type { Need } from '../../../scenarios/needs.ts';
import { scenario } from '../../../scenarios/scenario.ts';
import { checksOf } from './checks.ts';

const own = (name: string, ...needs: Need[]) => scenario(name, { needs }, async () => {});
const base = import.meta.dirname;

it('orders checks by what they take, ours being the last that need the power', () => {
  const scenarios = [
    own('reboots', 'power'),
    own('pulls', 'medium', 'screen'),
    own('looks', 'screen'),
    own('asks'),
    own('logs-in', 'network'),
  ];
  expect(checksOf(nixosImages, { scenarios, base }).map(({ scenario: { name } }) => name)).toEqual([
    'system',
    'network',
    'users',
    'commands',
    'console',
    'flakes',
    'sshd',
    'asks',
    'logs-in',
    'autologin',
    'keyboard',
    'looks',
    'pulls',
    'reboots',
    'power',
  ]);
});

it('names files from the project for ours and from the config for theirs', () => {
  const files = checksOf(nixosImages, { scenarios: [own('mine')], base }).map(({ file }) => file);
  expect(files).toContain('checks.test.ts');
  expect(files).toContain('scenarios/sshd.ts');
});

it('has a check for what the contract says null of, which is then skipped', () => {
  const names = checksOf({ ...nixosImages, sshd: null }, { scenarios: [], base });
  expect(names.map(({ scenario: { name } }) => name)).toContain('sshd');
});
