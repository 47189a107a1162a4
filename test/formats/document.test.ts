import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { formatNames } from '../../harness/matrix/formats.ts';
import { catalogue } from '../defects/catalogue/index.ts';
import { formatsDocument } from './document.ts';
import { documentPath } from './path.ts';
import { readProofs } from './proof.ts';
import { cellsCalled } from './samples.ts';

test('docs/formats.md is current: pnpm docs:formats writes it', () => {
  expect(readFileSync(documentPath, 'utf8')).toBe(
    formatsDocument({ defects: catalogue, proofs: readProofs() }),
  );
});

test.each(formatNames)('%s is a row that some image comes to', (name) => {
  expect(cellsCalled(name).length).toBeGreaterThan(0);
});

test('each recorded boot is of a cell that there is', () => {
  const ids = new Set(formatNames.flatMap((name) => cellsCalled(name).map(({ id }) => id)));
  expect(Object.keys(readProofs()).filter((id) => !ids.has(id))).toEqual([]);
});

test('a defect and a recorded boot are told in their row', () => {
  const defect = catalogue.find(({ cell }) => cell.startsWith('azure.'));
  if (defect === undefined) throw new Error('no defect of azure');
  const proof = { date: '2026-01-02', access: ['ssh'], checks: ['sshd'], accelerator: 'tcg', qemu: '9.0' };
  const text = formatsDocument({ defects: [defect], proofs: { 'azure.x86_64.bios.disk': proof } });
  const [, row = ''] = /\n## azure\n([^]*?)(?=\n## |$)/.exec(text) ?? [];
  expect(row).toContain(`- Twins: \`${defect.name}\``);
  expect(row).toContain('2026-01-02, in by ssh; sshd passed (QEMU 9.0, tcg)');
  expect(text).toMatch(/Formats without a recorded boot: (?!.*`azure`)/);
});
