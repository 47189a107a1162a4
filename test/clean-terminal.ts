import { expect } from 'vitest';

/** What our own live view sends: erase the line or what is right of it, up, down, to column one, synchronised output. */
const ourSequences = /\x1b\[(?:2?K|\d?[AB]|G|\?2026[hl])/g;

/** Nothing of a guest does anything to the terminal, or to the CI, that shows this output. */
export function expectClean(output: Uint8Array | string): void {
  const text = Buffer.from(output as Uint8Array)
    .toString('utf8')
    .replaceAll(ourSequences, '');
  expect(text.match(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f]/g), 'control characters').toBeNull();
  expect(
    text.match(/[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g),
    'marks that reorder text',
  ).toBeNull();
  expect(text.match(/^\s*(?:::[a-z]|##\w*\[)/gm), 'commands for a CI').toBeNull();
}
