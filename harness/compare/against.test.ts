import { describe, expect, it, test } from 'vitest';
import { defaultLevels } from '../difference.ts';
import { compareAgainst } from './against.ts';
import { upperBound } from './band.ts';
import { cellWith, inventoryWith, type Otherwise, runOf } from './testing/cells.ts';
import { oneThing } from './testing/one-thing.ts';

const options = { levels: defaultLevels };
const id = 'qemu.x86_64.bios.disk';
const changesOf = (now: Otherwise, ...before: Otherwise[]) => {
  const [newest = {}, ...older] = before;
  const runs = older.map((one) => runOf(cellWith(id, one)));
  return compareAgainst(runOf(cellWith(id, now)), [runOf(cellWith(id, newest)), ...runs], options).changes;
};

test.each(oneThing)(
  '%s is found, placed and named, and nothing else is',
  (_, otherwise, what, name, kind) => {
    expect(changesOf(otherwise)).toMatchObject([{ kind, what, name, cells: [id] }]);
    // The other way round: what was there is gone; a door that was closed, and a unit that works again, are good news.
    const back = changesOf({}, otherwise);
    if (kind === 'failedUnits') expect(back).toEqual([]);
    else expect(back).toMatchObject([{ what, name }]);
  },
);

it('a run compared with itself has no change', () => {
  const run = runOf(cellWith(id), cellWith('iso.x86_64.uefi.cdrom'));
  expect(compareAgainst(run, [run], options)).toEqual({
    baseline: 'reports',
    levels: defaultLevels,
    changes: [],
    notes: [],
  });
});

it('tells two parts apart that said the same', () => {
  const empty = { facts: {} };
  const one = { facts: { x: '1' } };
  const [before, now] = [cellWith(id), cellWith(id)];
  Object.assign(before.inventory!.parts, { modules: empty, setuid: empty });
  Object.assign(now.inventory!.parts, { modules: one, setuid: one });
  const { changes } = compareAgainst(runOf(now), [runOf(before)], options);
  expect(changes.map(({ kind, what, name }) => [kind, what, name])).toEqual([
    ['exposure', 'setuid', 'x'],
    ['settings', 'modules', 'x'],
  ]);
});

it('tells checks first and cells last, each once for all cells that have it', () => {
  const before = runOf(cellWith('a.x86_64'), cellWith('b.x86_64'), cellWith('gone.x86_64'));
  const failing = cellWith('a.x86_64', { packages: { curl: '9' }, failed: { 'x.service': 'signal' } });
  failing.verdict = 'failed';
  failing.checks = [{ name: 'sshd', verdict: 'failed', reason: 'sshd: refused' }];
  const now = runOf(failing, cellWith('b.x86_64', { packages: { curl: '9' } }), cellWith('new.x86_64'));
  const { changes } = compareAgainst(now, [before], options);
  expect(changes.map(({ kind, name, cells }) => [kind, name, cells])).toEqual([
    ['checks', 'sshd', ['a.x86_64']],
    ['failedUnits', 'x.service', ['a.x86_64']],
    ['packages', 'curl', ['a.x86_64', 'b.x86_64']],
    ['cells', 'new.x86_64', ['new.x86_64']],
    ['cells', 'gone.x86_64', ['gone.x86_64']],
  ]);
});

it('a cell that was not asked for is not gone', () => {
  const before = runOf(cellWith('a.x86_64'), cellWith('b.x86_64'), cellWith('c.x86_64'));
  const notRun = ['a.x86_64', 'b.x86_64'];
  const { changes } = compareAgainst(runOf(cellWith('a.x86_64')), [before], { ...options, notRun });
  expect(changes.map(({ name }) => name)).toEqual(['c.x86_64']);
});

it('a boot that breaks is told where no check ran', () => {
  const broken = { ...cellWith(id), verdict: 'failed', reason: 'kernel panic', checks: [], inventory: null };
  const { changes, notes } = compareAgainst(runOf(broken), [runOf(cellWith(id))], options);
  expect(changes).toMatchObject([{ kind: 'checks', name: 'boot', before: 'passed', after: 'kernel panic' }]);
  expect(notes).toHaveLength(1);
});

it('what could be had in one of the runs alone is said not to be compared', () => {
  const [before, now] = [cellWith(id), cellWith(id)];
  before.inventory!.parts.nix = { unread: 'exit status 1' };
  now.inventory!.parts.failed = { unread: 'exit status 1' };
  const { changes, notes } = compareAgainst(runOf(now), [runOf(before)], options);
  expect(changes).toEqual([]);
  expect(notes).toEqual([
    `${id}: nix is not compared: it could not be had then`,
    `${id}: failed is not compared: it could not be had this time`,
  ]);
});

it('what the contract ignores is not told', () => {
  const levels = { ...defaultLevels, packages: 'ignore' } as const;
  const now = runOf(cellWith(id, { packages: { curl: '9' } }));
  expect(compareAgainst(now, [runOf(cellWith(id))], { levels }).changes).toEqual([]);
});

describe('figures', () => {
  const took = (seconds: number): Otherwise => ({ boot: { shell: String(seconds) } });

  it('a boot within the noise of the earlier ones is none, one beyond is', () => {
    expect(changesOf(took(44))).toHaveLength(1 - 1);
    expect(changesOf(took(46))).toMatchObject([
      { kind: 'boot', name: 'shell', before: 'up to 45.0 s', after: '46.0 s' },
    ]);
    // Runs that differ among each other allow for more, runs that do not for less.
    const noisy = [20, 30, 40, 25, 35].map(took);
    const steady = [30, 30.2, 29.9, 30.1, 30, 30.1].map(took);
    expect(changesOf(took(46), ...noisy)).toEqual([]);
    expect(changesOf(took(36), ...steady)).toMatchObject([{ kind: 'boot' }]);
  });

  it('seconds are those of the reference machine: a host that is four times slower is no slower boot', () => {
    const cell = { ...cellWith(id), inventory: inventoryWith(took(120), 4) };
    expect(compareAgainst(runOf(cell), [runOf(cellWith(id))], options).changes).toEqual([]);
  });

  it('a larger closure is told, and a few bytes more are not', () => {
    expect(changesOf({ sizes: { closure: '1505000' } })).toEqual([]);
    expect(changesOf({ sizes: { closure: '1800000' } })).toMatchObject([
      { kind: 'size', name: 'closure', after: '1758 MiB' },
    ]);
  });

  it('the band is never narrower than what does not matter', () => {
    expect(upperBound([1], 2)).toBe(3);
    expect(upperBound([100, 100, 100, 100, 100, 100], 2)).toBe(115);
    expect(upperBound([], 2)).toBeNaN();
  });
});
