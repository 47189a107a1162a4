import type { Requirement } from '../harness/requirement.ts';

/** What the tests run on the host beside what the harness needs. */
export const testRequirements: readonly Requirement[] = [
  { command: 'xmllint', package: 'libxml2-utils', reason: 'reads JUnit as strictly as its consumers' },
];
