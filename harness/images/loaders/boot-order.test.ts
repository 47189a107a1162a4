import { expect, test } from 'vitest';
import { defaultEntry, type Ranked, rankedBy } from './boot-order.ts';

const first = (conf: string, ...entries: Ranked[]): string | undefined => defaultEntry(entries, conf)?.id;
const named = (...names: string[]): Ranked[] => names.map(rankedBy);
/** What NixOS writes: the name is a digest, and `sort-key` and `version` say which one is the newest. */
const keyed = (name: string, version: string, sortKey = 'nixos'): Ranked => ({
  ...rankedBy(name),
  sortKey,
  version,
});

test.each([
  ['a+3.conf', 'a.conf', { left: 3, done: 0 }],
  ['A+1-2.conf', 'a.conf', { left: 1, done: 2 }],
  ['a+b+0-3.EFI', 'a+b.efi', { left: 0, done: 3 }],
  ['a+3x.conf', 'a+3x.conf', undefined],
  ['a+3.conf.conf', 'a+3.conf.conf', undefined],
  ['a+9999999999.conf', 'a+9999999999.conf', undefined],
  ['a.conf', 'a.conf', undefined],
])('%s is %s', (name, id, tries) => expect(rankedBy(name)).toEqual({ id, ...(tries && { tries }) }));

test('without a key the newest name goes first', () => {
  expect(first('', ...named('nixos-generation-9.conf', 'nixos-generation-10.conf'))).toBe(
    'nixos-generation-10.conf',
  );
});

test('by the key, then the newest version, whatever the names', () => {
  const [old, recent] = [keyed('nixos-ffff.conf', 'Generation 9'), keyed('nixos-0000.conf', 'Generation 10')];
  expect(first('', old, recent)).toBe('nixos-0000.conf');
  expect(first('', keyed('z.conf', '9', 'zfs'), old)).toBe('nixos-ffff.conf');
});

test('entries with a key go before those without, and machines are told apart', () => {
  expect(first('', rankedBy('zzz-9.conf'), keyed('a.conf', '1'))).toBe('a.conf');
  const ofB = { ...keyed('b.conf', '2'), machineId: 'b' };
  expect(first('', ofB, { ...keyed('a.conf', '1'), machineId: 'a' })).toBe('a.conf');
  expect(first('', ofB, keyed('c.conf', '1'))).toBe('c.conf');
});

test('what has no try left goes last; of the same entry that with more tries goes first', () => {
  const spent = { ...keyed('new+0-3.conf', '2') };
  expect(first('', spent, keyed('old+1-2.conf', '1'))).toBe('old.conf');
  expect(first('', spent)).toBe('new.conf');
  expect(defaultEntry(named('a+1.conf', 'a+2-1.conf', 'a+2.conf'), '')?.tries).toEqual({ left: 2, done: 0 });
});

test('the default of loader.conf is a pattern for the name without its counter', () => {
  const entries = [...named('nixos-1+2-1.conf', 'nixos-2.conf', 'memtest.conf'), keyed('a.conf', '1')];
  expect(first('timeout 5\ndefault nixos-1.conf\n', ...entries)).toBe('nixos-1.conf');
  expect(first('default NIXOS-*\n', ...entries)).toBe('nixos-2.conf');
  expect(first('default nixos-1\n', ...entries)).toBe('a.conf');
  expect(first('default memtest.conf\ndefault nixos-*\n', ...entries)).toBe('nixos-2.conf');
  expect(first('default @saved\n', ...entries)).toBe('a.conf');
  expect(first('default x\n')).toBeUndefined();
});
