import { expect, test } from 'vitest';
import { choose, packAll } from './packed.ts';

const sized = (...lengths: number[]) => ({ variants: lengths.map((length) => 'x'.repeat(length)) });

test('the first ones get all that they have, later ones what there is room for', () => {
  const chosen = choose([sized(50, 10), sized(50, 10), sized(50, 10), sized(50)], 75);
  expect(chosen.map((text) => text?.length)).toEqual([50, 10, 10, undefined]);
});

test('a cell without data has none', () => {
  expect(choose([packAll([])], 1000)).toEqual([undefined]);
});

test('no data can end its element', () => {
  const { variants } = packAll([{ said: '</script><!--' }]);
  expect(variants[0]).toMatch(/^[\w+/=]+$/);
});
