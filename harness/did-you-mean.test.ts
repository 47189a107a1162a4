import { expect, test } from 'vitest';
import { didYouMean } from './did-you-mean.ts';

const known = ['test', 'list', 'plan', 'doctor', 'report', 'merge', 'completion'];

test('a slip is told, another word is not', () => {
  expect(didYouMean('doctro', known)).toBe(" (did you mean 'doctor'?)");
  expect(didYouMean('pan', known)).toBe(" (did you mean 'plan'?)");
  expect(didYouMean('complition', known)).toBe(" (did you mean 'completion'?)");
  // Words of cell ids.
  for (const word of ['disk', 'iso', 'qemu', 'raw', 'usb', 'oci']) expect(didYouMean(word, known)).toBe('');
  expect(didYouMean('plan', known)).toBe('');
});
