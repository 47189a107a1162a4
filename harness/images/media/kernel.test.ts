import { expect, test } from 'vitest';
import { armImage, bzImage } from '../../../test/media.ts';
import { kernelOf } from './kernel.ts';

function pe(machine: number): Buffer {
  const program = Buffer.alloc(4096);
  program.write('MZ\0\0zimg', 0, 'latin1');
  program.writeUInt32LE(0x80, 60);
  program.write('PE\0\0', 0x80, 'latin1');
  program.writeUInt16LE(machine, 0x84);
  return program;
}

test('a 64-bit x86 kernel, with the size that its header tells', () => {
  expect(kernelOf(bzImage(8192))).toEqual({ arch: 'x86_64', size: 8192 });
});

test('a 32-bit x86 kernel has no architecture that we boot', () => {
  const kernel = bzImage();
  kernel.writeUInt16LE(0, 566);
  expect(kernelOf(kernel)).toMatchObject({ arch: undefined });
});

test('an arm64 kernel', () => {
  expect(kernelOf(armImage())).toMatchObject({ arch: 'aarch64' });
});

test('EFI programs by their machine type', () => {
  expect(kernelOf(pe(0xaa64))).toMatchObject({ arch: 'aarch64' });
  expect(kernelOf(pe(0x8664))).toMatchObject({ arch: 'x86_64' });
  expect(kernelOf(pe(0x14c))).toMatchObject({ arch: undefined });
});

test('no kernel', () => {
  expect(kernelOf(Buffer.alloc(4096))).toBeUndefined();
  expect(kernelOf(Buffer.from('MZ'.padEnd(4096, '\xff'), 'latin1'))).toBeUndefined();
});
