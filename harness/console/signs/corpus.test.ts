import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FailureWatcher } from './failures.ts';
import { PhaseTracker } from './phases.ts';
import { Transcript } from '../serial/transcript.ts';

const corpus = new URL('../../../test/corpus/console/', import.meta.url);

interface Log {
  /** Where the text comes from. */
  source: string;
  /** The phases that are seen, in order. */
  phases: string[];
  /** The code of the failure, or `none`. */
  failure: string;
  /** What looked bad and did not end it, as a report tells it; not in every log. */
  suspicions?: string | undefined;
  bytes: Buffer;
}

/** A log begins with `# key: value` lines and an empty one; the rest is what came over the line, byte for byte. */
function readLog(name: string): Log {
  const all = readFileSync(new URL(name, corpus));
  const end = all.indexOf('\n\n');
  const header = Object.fromEntries(
    all
      .toString('utf8', 0, end)
      .split('\n')
      .map((line) => /^# (\w+): (.*)$/.exec(line)?.slice(1) ?? []),
  ) as Record<string, string>;
  const { source = '', phases = '', failure = '', suspicions } = header;
  return {
    source,
    phases: phases.split(' ').filter((phase) => phase !== ''),
    failure,
    suspicions,
    bytes: all.subarray(end + 2),
  };
}

describe('console logs', () => {
  it.each(
    readdirSync(corpus)
      .filter((name) => name.endsWith('.log'))
      .sort(),
  )('%s', (name) => {
    const log = readLog(name);
    const transcript = new Transcript();
    const phases = new PhaseTracker();
    const failures = new FailureWatcher(phases);
    phases.watch(transcript);
    failures.watch(transcript);
    const seen: string[] = [];
    phases.onPhase(({ phase }) => seen.push(phase));
    // As QEMU's UART hands it over.
    for (let at = 0; at < log.bytes.length; at += 17) transcript.append(log.bytes.subarray(at, at + 17));
    // What stands still at the end counts as a line, too.
    transcript.append(Buffer.from('\n'));

    expect(log.source).not.toBe('');
    expect(seen).toEqual(log.phases);
    expect(failures.failure?.code ?? 'none').toBe(log.failure);
    if (log.suspicions !== undefined) expect(failures.suspicions().join('; ')).toBe(log.suspicions);
    expect(transcript.text()).not.toMatch(/[^\P{Cc}\n\t]/u);
  });
});
