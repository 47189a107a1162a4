import { z } from 'zod';

/** https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md */
export const statementType = 'https://in-toto.io/Statement/v1';
/** https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md */
export const predicateType = 'https://in-toto.io/attestation/test-result/v0.1';

const sha256 = z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256') });
const tests = z.array(z.string());

/** What we write; a reader takes fields that it does not know for what they are, as in-toto's parsing rules ask. */
export const statementSchema = z.object({
  _type: z.literal(statementType),
  subject: z.array(z.object({ name: z.string(), digest: sha256 })).min(1),
  predicateType: z.literal(predicateType),
  predicate: z.object({
    result: z.enum(['PASSED', 'WARNED', 'FAILED']),
    configuration: z.array(z.object({ name: z.string(), digest: sha256 })),
    passedTests: tests,
    warnedTests: tests,
    failedTests: tests,
  }),
});

export type Statement = z.infer<typeof statementSchema>;
