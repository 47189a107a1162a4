import { expect, test } from 'vitest';
import { labelsOf } from './labels.ts';

test.for([
  [
    ['/i/nixos-a-x86_64.qcow2', '/i/nixos-b-x86_64.qcow2'],
    ['a', 'b'],
  ],
  [
    ['/i/disk.qcow2', '/i/disk-2.qcow2'],
    ['', '2'],
  ],
  [
    ['/x/old/nixos.qcow2', '/x/new/nixos.qcow2'],
    ['old', 'new'],
  ],
  [
    ['/x/2025.05/a/d.img', '/x/2025.11/a/d.img'],
    ['05', '11'],
  ],
  [
    ['/i/A B!.img', '/i/c__d.img'],
    ['a-b', 'c-d'],
  ],
] as const)('%j', ([paths, labels]) => {
  expect(labelsOf(paths)).toEqual(labels);
});

test('paths that letters do not tell apart, or only long ones, get a digest that does not depend on the others', () => {
  const [first, second] = labelsOf(['/i/a_b', '/i/a.b']);
  expect([first, second]).toEqual([
    expect.stringMatching(/^[0-9a-f]{8}$/),
    expect.stringMatching(/^[0-9a-f]{8}$/),
  ]);
  expect(first).not.toBe(second);
  expect(labelsOf(['/i/a-b', '/i/a_b', '/i/a.b']).slice(1)).toEqual([first, second]);
  expect(
    labelsOf([`/${'x'.repeat(50)}`, `/${'y'.repeat(50)}`]).every((label) => /^[0-9a-f]{8}$/.test(label)),
  ).toBe(true);
});
