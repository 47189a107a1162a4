/** `pnpm docs:formats [--record DIR…]`: writes docs/formats.md, once the runs in these output directories are recorded. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { catalogue } from '../defects/catalogue/index.ts';
import { formatsDocument } from './document.ts';
import { documentPath } from './path.ts';
import { readProofs, recordRun } from './proof.ts';

const { values } = parseArgs({ options: { record: { type: 'string', multiple: true, default: [] } } });
for (const out of values.record) recordRun(out);
writeFileSync(documentPath, formatsDocument({ defects: catalogue, proofs: readProofs() }));
