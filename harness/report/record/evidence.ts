import type { Evidence } from '../../events.ts';

/** What was done, by which way in, and what came of it; raw, in the order seen. */
export const evidenceText = (evidence: readonly Evidence[]): string =>
  evidence
    .map(
      ({ action, observed, access }) =>
        `> ${action}${access ? ` (${access})` : ''}\n${observed.trimEnd() || '(nothing)'}`,
    )
    .join('\n');
