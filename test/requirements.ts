import type { Requirement } from '../harness/requirement.ts';

/** What the tests run on the host beside what the harness needs. */
export const testRequirements: readonly Requirement[] = [
  { command: 'busybox', package: 'busybox', reason: 'a third shell on the console' },
  { command: 'dash', package: 'dash', reason: 'a second shell on the console' },
  { command: 'taskset', package: 'util-linux', reason: 'has machines compete for a processor' },
  { command: 'agetty', package: 'util-linux', reason: 'logins on the console' },
  { command: 'xmllint', package: 'libxml2-utils', reason: 'reads JUnit as strictly as its consumers' },
  { command: 'chromium', package: 'chromium', reason: 'shows the HTML report' },
  { command: 'fish', package: 'fish', reason: 'reads its completions' },
  { command: 'zsh', package: 'zsh', reason: 'reads its completions' },
];
