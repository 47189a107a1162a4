import { expect, test } from 'vitest';
import { shownPath } from './shown-path.ts';

test.each([
  ['reports/junit.xml', '/work', 'reports/junit.xml'],
  ['/work/reports/junit.xml', '/work', 'reports/junit.xml'],
  ['/work/..reports/junit.xml', '/work', '..reports/junit.xml'],
  ['/elsewhere/junit.xml', '/work', '/elsewhere/junit.xml'],
  ['../reports', '/work/a', '/work/reports'],
])('%s seen from %s', (file, cwd, expected) => {
  expect(shownPath(file, cwd)).toBe(expected);
});
