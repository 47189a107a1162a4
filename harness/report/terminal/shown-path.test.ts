import { expect, test } from 'vitest';
import { shownPath } from './shown-path.ts';

test.each([
  ['reports/junit.xml', '/home/me', 'reports/junit.xml'],
  ['/home/me/reports/junit.xml', '/home/me', 'reports/junit.xml'],
  ['/home/me/..reports/junit.xml', '/home/me', '..reports/junit.xml'],
  ['/elsewhere/junit.xml', '/home/me', '/elsewhere/junit.xml'],
  ['../reports', '/home/me/a', '/home/me/reports'],
])('%s seen from %s', (file, cwd, expected) => {
  expect(shownPath(file, cwd)).toBe(expected);
});
