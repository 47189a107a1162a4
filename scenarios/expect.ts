import { chai, JestAsymmetricMatchers, JestChaiExpect, JestExtend } from '@vitest/expect';
import type { ExpectStatic } from '@vitest/expect';

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

/** Jest's matchers, as vitest has them: https://vitest.dev/api/expect. */
export const expect = chai.expect as unknown as ExpectStatic;
