import { describe, expect, it, test } from 'vitest';
import type { Allowance } from '../difference.ts';
import { compareAcross } from './across.ts';
import { cellWith, inventoryWith } from './testing/cells.ts';
import { oneThing } from './testing/one-thing.ts';

const nothing = (): Allowance[] => [];
const ids = ['qemu.x86_64.bios.disk', 'iso.x86_64.uefi.cdrom', 'netboot.x86_64.bios.pxe'];

test.each(oneThing)('%s is found, placed and named, and nothing else is', (_, otherwise, part, name) => {
  const cells = [...ids.map((id) => cellWith(id)), cellWith('oci.x86_64.uefi.disk', otherwise)];
  const { drifts, notes } = compareAcross(cells, nothing);
  expect(notes).toEqual([]);
  expect(drifts).toMatchObject([{ arch: 'x86_64', part, hasMost: true, names: [{ name }] }]);
  expect(drifts[0]?.groups).toEqual([ids.toSorted(), ['oci.x86_64.uefi.disk']]);
});

it('finds nothing in a sound matrix, whose figures and store paths are each format’s own', () => {
  const other = { boot: { shell: '90' }, sizes: { closure: '1' }, store: { '/run/current-system': 'b' } };
  const cells = [...ids.map((id) => cellWith(id)), cellWith('oci.x86_64.uefi.disk', other)];
  expect(compareAcross(cells, nothing)).toEqual({ cells: 4, drifts: [], notes: [] });
});

describe('of two cells', () => {
  it('none has the majority, and both are named', () => {
    const cells = [cellWith(ids[0] ?? ''), cellWith(ids[1] ?? '', { packages: { curl: '8.15' } })];
    expect(compareAcross(cells, nothing).drifts).toEqual([
      {
        arch: 'x86_64',
        part: 'packages',
        hasMost: false,
        groups: [['iso.x86_64.uefi.cdrom'], ['qemu.x86_64.bios.disk']],
        names: [{ name: 'curl', values: ['8.15', '8.14'] }],
      },
    ]);
  });

  it('those of other architectures are not compared with each other', () => {
    const cells = [
      cellWith('qemu.x86_64.bios.disk'),
      cellWith('qemu.aarch64.uefi.disk', { os: { ID: 'x' } }),
    ];
    expect(compareAcross(cells, nothing).drifts).toEqual([]);
  });
});

it('tells together what the same cells differ in', () => {
  const cells = [
    ...ids.map((id) => cellWith(id)),
    cellWith('oci.x86_64.uefi.disk', { packages: { a: '1', b: '2' } }),
  ];
  const { drifts } = compareAcross(cells, nothing);
  expect(drifts).toHaveLength(1);
  expect(drifts[0]?.names).toEqual([
    { name: 'a', values: [null, '1'] },
    { name: 'b', values: [null, '2'] },
  ]);
});

it('leaves out what the platform of a cell brings, for that cell alone', () => {
  const azure = cellWith('azure.x86_64.bios.disk', { packages: { 'wa-agent': '2' } });
  const cells = [...ids.map((id) => cellWith(id)), azure];
  const brings = ({ format }: { format: string }): Allowance[] =>
    format === 'azure' ? [{ part: 'packages', name: 'wa-*', why: 'the agent of Azure' }] : [];
  expect(compareAcross(cells, brings).drifts).toEqual([]);
  const [first, ...others] = cells;
  const another = { ...first!, inventory: inventoryWith({ packages: { 'wa-agent': '2' } }) };
  expect(compareAcross([another, ...others], brings).drifts).toHaveLength(1);
});

it('leaves out what the machine decides', () => {
  // Two boots of three had the modules, of images with the same root and the same machine.
  const otherwise = { nix: { cores: '8' }, modules: { kvm: 'loaded', kvm_amd: 'loaded', ccp: 'loaded' } };
  const cells = [cellWith('a.x86_64'), cellWith('b.x86_64', otherwise)];
  expect(compareAcross(cells, nothing).drifts).toEqual([]);
});

it('says what could not be compared, and takes what is not there for a difference', () => {
  const blind = cellWith('b.x86_64');
  blind.inventory!.parts.sshd = { unread: 'exit status 1' };
  const without = cellWith('c.x86_64');
  without.inventory!.parts.sshd = { lacks: 'no sshd' };
  const silent = { ...cellWith('d.x86_64'), inventory: null };
  const { cells, drifts, notes } = compareAcross([cellWith('a.x86_64'), blind, without, silent], nothing);
  expect(cells).toBe(3);
  expect(notes).toEqual(['b.x86_64: sshd is not compared: exit status 1']);
  expect(drifts).toMatchObject([
    {
      part: 'sshd',
      groups: [['a.x86_64'], ['c.x86_64']],
      names: [{ name: '(all of it)', values: ['there', 'no sshd'] }],
    },
  ]);
});
