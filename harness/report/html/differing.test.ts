import { expect, test } from 'vitest';
import type { Comparison } from '../../difference.ts';
import { defaultLevels } from '../../difference.ts';
import { differing } from './differing.ts';

const drift = { arch: 'x86_64', names: [{ name: 'sshd', values: ['on', 'off'] }] };

const found: Comparison = {
  trends: null,
  across: {
    level: 'warn',
    cells: 4,
    notes: [],
    drifts: [
      { ...drift, part: 'units', groups: [['a', 'b', 'c'], ['d']], hasMost: true },
      { ...drift, part: 'packages', groups: [['a'], ['d']], hasMost: false },
    ],
  },
  against: {
    baseline: 'before',
    levels: { ...defaultLevels, size: 'ignore' },
    notes: [],
    changes: [
      { kind: 'packages', what: 'packages', name: 'curl', before: '1', after: '2', cells: ['a', 'd'] },
      { kind: 'packages', what: 'packages', name: 'git', before: '1', after: '2', cells: ['d'] },
      { kind: 'size', what: 'size', name: 'closure', before: '1', after: '9', cells: ['b'] },
    ],
  },
};

test('who differs from most, or where there is no most, and what counts', () => {
  expect(Object.fromEntries(differing(found))).toEqual({
    a: { drift: ['packages'], since: ['packages'] },
    d: { drift: ['units', 'packages'], since: ['packages'] },
  });
  expect(differing({ ...found, across: { ...found.across, level: 'ignore' } }).get('d')?.drift).toEqual([]);
  expect(differing(null).size).toBe(0);
});
