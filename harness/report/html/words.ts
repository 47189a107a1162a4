import type { Verdict } from '../../events.ts';
import { type Markup, markup } from './markup.ts';

/** A verdict's sign, which colour alone would not tell. */
const signs: Record<Verdict, string> = {
  passed: '✓',
  failed: '✗',
  error: '!',
  skipped: '–',
  flaky: '~',
  known: '≈',
};

/** The sign alone; who does not see it is told the word. */
export const sign = (verdict: Verdict): Markup =>
  markup`<span class="sign ${verdict}" role="img" aria-label="${verdict}">${signs[verdict]}</span>`;

/** Sign and word. */
export const badge = (verdict: Verdict): Markup =>
  markup`<span class="badge ${verdict}"><span aria-hidden="true">${signs[verdict]}</span> ${verdict}</span>`;

/** Broken ones first, then those to be wondered at. */
const ranks: Record<Verdict, number> = { failed: 0, error: 1, flaky: 2, known: 3, passed: 4, skipped: 5 };
export const rank = (verdict: Verdict): number => ranks[verdict];

export const isBroken = (verdict: Verdict): verdict is 'failed' | 'error' =>
  verdict === 'failed' || verdict === 'error';

/** `0:07`, `12:34`: a place on a time line. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
