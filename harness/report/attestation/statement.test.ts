import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fold } from '../record/fold.ts';
import { readEvents } from '../record/read-events.ts';
import type { RunRecord } from '../record/record.ts';
import { statementSchema } from './schema.ts';
import { statementOf } from './statement.ts';

const events = readEvents(path.join(import.meta.dirname, '../golden/every-verdict.jsonl'));
const recorded = fold(events);
const sha = (digit: string): string => digit.repeat(64);
const record: RunRecord = {
  ...recorded,
  contractDigest: sha('c'),
  harnessDigest: sha('d'),
  digests: recorded.cells.map(({ summary }) => ({ path: summary.image, before: sha('a'), after: sha('a') })),
};

describe('a finished run', () => {
  const statement = statementOf(record);

  it('says in in-toto’s words what passed, warned and failed', () => {
    expect(statementSchema.parse(statement)).toEqual(statement);
    const { predicate, subject } = statement!;
    expect(predicate.result).toBe('FAILED');
    expect(predicate.passedTests).toContain('qemu.x86_64.bios.disk sshd');
    expect(predicate.failedTests).toContain('qemu-efi.x86_64.uefi.disk sshd');
    expect(predicate.configuration[0]?.digest).toEqual({ sha256: sha('c') });
    expect(subject.every(({ name }) => !name.includes('/'))).toBe(true);
  });

  it('claims nothing of what did not run', () => {
    const { passedTests, warnedTests, failedTests } = statement!.predicate;
    const told = [...passedTests, ...warnedTests, ...failedTests];
    for (const { summary, attempts, checks } of record.cells) {
      if (attempts.length === 0) expect(told.filter((name) => name.startsWith(`${summary.id} `))).toEqual([]);
      for (const { name } of checks.filter(({ verdict }) => verdict === 'skipped'))
        expect(told).not.toContain(`${summary.id} ${name}`);
    }
    const never = record.cells.filter(({ attempts }) => attempts.length === 0);
    expect(never.length).toBeGreaterThan(0);
  });

  it('passes only where every cell does', () => {
    const cells = record.cells.filter(({ verdict }) => verdict === 'passed');
    expect(statementOf({ ...record, cells })?.predicate.result).toBe('PASSED');
    const [first] = cells;
    const broken = { ...first!, attempts: [], checks: [], verdict: 'error' as const };
    expect(statementOf({ ...record, cells: [...cells, broken] })?.predicate.result).toBe('FAILED');
  });
});

describe('there is none', () => {
  const none: [string, Partial<RunRecord>][] = [
    ['of a run that was cut off', { interrupted: true }],
    ['where an image changed', { digests: record.digests.map((file) => ({ ...file, after: sha('b') })) }],
    [
      'where it is not known that none did',
      { digests: record.digests.map((file) => ({ ...file, after: null })) },
    ],
    ['where a tested file has no digest', { digests: [] }],
    ['where nothing ran', { cells: record.cells.filter(({ attempts }) => attempts.length === 0) }],
    ['of a stream that does not tell its contract', { contractDigest: null }],
  ];
  it.each(none)('%s', (_, over) => {
    expect(statementOf({ ...record, ...over })).toBeNull();
  });
});
