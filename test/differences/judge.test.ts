import { expect, test } from 'vitest';
import { defaultLevels } from '../../harness/difference.ts';
import { catalogue } from './catalogue.ts';
import type { Told } from './difference.ts';
import { judge, type Outcome } from './judge.ts';

const told: Told[] = [{ kind: 'exposure', part: 'setuid', name: '/usr/bin/less' }];
const change = {
  kind: 'exposure',
  what: 'setuid',
  name: '/usr/bin/less',
  before: null,
  after: '4755 root:root',
  cells: ['c'],
} as const;
const drift = {
  arch: 'x86_64',
  part: 'setuid',
  groups: [['a', 'b'], ['c']],
  hasMost: true,
  names: [{ name: '/usr/bin/less', values: [null, '4755 root:root'] }],
} as const;
const found = (changes: object[], drifts: object[]): Outcome => ({
  verdict: 'passed',
  reason: '',
  cell: 'c',
  against: { baseline: 'sound', levels: defaultLevels, notes: [], changes } as unknown as Outcome['against'],
  across: { level: 'fail', cells: 3, notes: [], drifts } as unknown as Outcome['across'],
});

test('what is found, placed and named, and nothing else, is as it has to be', () => {
  expect(judge({ told }, found([change], [drift]))).toEqual([]);
});

test.each([
  ['not found', found([], [drift]), /not told: exposure, setuid: \/usr\/bin\/less/],
  ['not found across formats', found([change], []), /across formats not told/],
  [
    'counted as something else',
    found([{ ...change, kind: 'settings' }], [drift]),
    /told beside it: settings, setuid/,
  ],
  [
    'placed with another',
    found([change], [{ ...drift, groups: [['a', 'c'], ['b']] }]),
    /not as this image's/,
  ],
  ['placed nowhere', found([change], [{ ...drift, hasMost: false }]), /not as this image's/],
  ['one of two', found([change, { ...change, name: 'x' }], [drift]), /told beside it: exposure, setuid: x/],
  ['not compared', { ...found([], []), against: null }, /not compared/],
  ['of a cell that failed', { ...found([change], [drift]), verdict: 'failed', reason: 'panic' }, /panic/],
])('one that is %s is not', (_, outcome, line) => {
  expect(judge({ told }, outcome).join('\n')).toMatch(line);
});

test('figures differ across formats in any case', () => {
  const size = { ...change, kind: 'size', what: 'size', name: 'root used' };
  const told: Told[] = [{ kind: 'size', part: 'sizes', name: 'root used' }];
  expect(judge({ told }, found([size], []))).toEqual([]);
});

test('the catalogue has twenty images and more, of other names and things', () => {
  expect(catalogue.length).toBeGreaterThanOrEqual(20);
  expect(new Set(catalogue.map(({ name }) => name)).size).toBe(catalogue.length);
  expect(new Set(catalogue.map((one) => JSON.stringify(one.told))).size).toBe(catalogue.length);
});
