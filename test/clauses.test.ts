import { expect, it } from 'vitest';
import { type Clause } from '../scenarios/contracts/clauses/clause.ts';
import { clauses } from '../scenarios/contracts/clauses/index.ts';
import { loadContract } from '../scenarios/contracts/load.ts';
import { contractFor } from '../scenarios/contracts/promised.ts';
import { releaseCheckNames } from '../harness/release-checks.ts';
import { catalogue } from './defects/catalogue/index.ts';

const all = Object.entries(clauses).flatMap(([contract, ones]) =>
  ones.map((clause) => ({ contract, clause, promise: clause.promise })),
);
const proven = all.filter(({ clause }) => 'check' in clause.proof && clause.proof.check !== 'across formats');

it.each(proven)('$contract: $promise', async ({ contract: name, clause }) => {
  const { check, defects } = clause.proof as Extract<Clause['proof'], { check: string }>;
  const contract = await loadContract(name);
  const whole = [
    contract,
    ...Object.keys(contract.formats ?? {}).map((format) => contractFor(contract, { format })),
  ];
  const isPublished = (releaseCheckNames as readonly string[]).includes(check);
  const isPromised = whole.some((one) => (one[check as keyof typeof one] ?? null) !== null);
  expect(isPublished || isPromised, `a part ${check}`).toBe(true);
  for (const defect of defects) {
    const { expect: expected } = catalogue.find((one) => one.name === defect) ?? {};
    expect(expected, defect).toBeDefined();
    expect(Object.keys((expected as { checks: object }).checks), defect).toContain(check);
  }
});

/** A table's cell: what would end it is escaped. */
const cell = (text: string): string => text.replaceAll('|', String.raw`\|`);

const row = ({ promise, source, reading, proof }: Clause): string => {
  const how =
    'check' in proof
      ? [`\`${proof.check}\``, proof.defects.map((name) => `\`${name}\``).join(', ') || 'none yet']
      : [`not proven: ${proof.unproven}`, ''];
  return `| ${[reading === undefined ? promise : `${promise} *${reading}*`, source, ...how].map(cell).join(' | ')} |`;
};

it('docs/contracts.md has them all (vitest -u writes it)', async () => {
  const tables = Object.entries(clauses).map(([name, ones]) => {
    const proofs = ones.filter(({ proof }) => 'check' in proof).length;
    return `## \`${name}\`

${proofs} of ${ones.length} promises are proven.

| promise | where it is made | proven by | defects that break it |
|---|---|---|---|
${ones.map(row).join('\n')}
`;
  });
  await expect(`# What each contract promises, and what proves it

Written by a test from [\`scenarios/contracts/clauses\`](../scenarios/contracts/clauses). A check proves a promise on your image;
a seeded defect (\`pnpm test:defects NAME\`) is a reference image on which that promise is broken, and shows that the check
fails there. What stands in italics says how the promise is read.

${tables.join('\n')}`).toMatchFileSnapshot('../docs/contracts.md');
});
